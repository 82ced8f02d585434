"""Every page can prove that it is right: one that was made wrong on purpose notices, heals and is counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.page.room import Room, comment, no_entries, write
from tests.services.redis import RedisServer
from tests.services.site import AppServer

if TYPE_CHECKING:
    from tests.services.chromium import Pages
    from tests.services.databases import Databases

DIFFERED = "a page of thread"


@pytest.fixture(scope="module")
def asking_site(
    databases: Databases, _demo_database: str, _static_files: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AppServer]:
    redis = RedisServer()
    redis.start()
    url = databases.create(template=_demo_database)
    settings = {"DJANGO_SETTINGS_MODULE": "tests.services.verifying_settings"}
    directory = tmp_path_factory.mktemp("site")
    site = AppServer(database_url=url, directory=directory, redis=redis, environment=settings)
    site.start()
    yield site
    site.stop()
    redis.close()
    databases.drop(url)


class Asking(Room):
    def differences(self) -> int:
        return self.site.log().count(DIFFERED)

    def open(self, page: Page) -> Page:
        page.goto(self.path)
        expect(page.locator(".comments-status")).to_have_text("Live")
        return page


@pytest.fixture
def asking(asking_site: AppServer, new_page: Pages) -> Asking:
    return Asking(asking_site, lambda *args, **options: new_page(*args, site=asking_site, **options))  # type: ignore[arg-type]


def falsify(page: Page, change: Any) -> None:
    """Change frames on their way to the page; None swallows one."""

    def between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def down(text: str | bytes) -> None:
            came = json.loads(text)
            frames = came if isinstance(came, list) else [came]
            kept = [changed for changed in map(change, frames) if changed]
            if kept:
                route.send(json.dumps(kept if isinstance(came, list) else kept[0]))

        server.on_message(down)

    page.route_web_socket("**/ws/**", between)


@pytest.mark.promise(21)
def test_a_frame_that_was_swallowed_without_a_gap_to_tell_of_it(asking: Asking) -> None:
    def lie(frame: dict[str, Any]) -> dict[str, Any] | None:
        if frame.get("content") == "Swallowed":
            return None
        if frame.get("content") == "After it":
            return frame | {"prev": frame["prev"] - 1}
        return frame

    anna, ben = asking.new_page("reader1"), asking.open(asking.new_page("reader2"))
    falsify(anna, lie)
    asking.open(anna)
    for text in ("Swallowed", "After it"):
        write(ben, text)
        expect(comment(ben, text)).to_have_count(1)
    no_entries(ben)
    for page in (anna, ben):
        for text in ("Swallowed", "After it"):
            expect(comment(page, text)).to_have_count(1)
    assert asking.differences() >= 1


@pytest.mark.promise(21)
def test_a_page_that_was_rendered_from_something_else(asking: Asking) -> None:
    asking.fill(3)
    anna = asking.new_page("reader1")
    # Before the page's script looks at what the server rendered.
    anna.add_init_script(
        """addEventListener("readystatechange", () => {
            const items = [...document.querySelectorAll(".comment-list > .comment-item")];
            items.find((item) => item.textContent.includes("Comment 1.")).remove();
        }, { capture: true, once: true });"""
    )
    asking.open(anna)
    expect(comment(anna, "Comment 1.")).to_have_count(1)
    expect(anna.locator(".comment[data-id]")).to_have_count(3)


@pytest.mark.promise(21)
def test_a_hidden_comment_that_a_page_still_shows(asking: Asking) -> None:
    asking.fill(2)
    anna = asking.new_page("reader1")
    falsify(anna, lambda frame: frame | {"id": "999999"} if frame.get("type") == "removed" else frame)
    asking.open(anna)
    asking.shell("services.hide_comment(comment=Comment.objects.filter(thread=thread).earliest('id'))")
    expect(comment(anna, "Comment 0.")).to_have_count(0)
    expect(comment(anna, "Comment 1.")).to_have_count(1)
