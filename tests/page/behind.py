"""Articles whose readers are behind a proxy. The fixture of that name is in conftest.py."""

from __future__ import annotations

import copy
import uuid
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from tests.page.room import Room, asks_for_news, no_entries
from tests.services.http_proxy import HttpProxy
from tests.services.site import AppServer
from tests.services.waiting import wait_until

if TYPE_CHECKING:
    from tests.services.chromium import Pages

AT_LAST = 90_000  # ms in which a page has found its way; a handshake without an answer takes 10 s of them
STREAM, POLLING, SOCKET = "/events/", "wait=", "/ws/"


class Behind(Room):
    """An article whose readers are behind a proxy, all but those who post to it directly."""

    def __init__(self, site: AppServer, proxy: HttpProxy, new_page: Pages) -> None:
        super().__init__(site, new_page)
        self.proxy = proxy
        self.outside = copy.copy(site)
        self.outside.url = proxy.url

    def enter(self, user: str | None = None, **options: Any) -> Page:
        page = self.new_page(user, site=self.outside, **options)
        page.goto(self.path)
        is_live(page)
        return page

    def said(self, text: str, user: str = "reader2") -> None:
        """Have a user who is not behind the proxy write a comment."""
        with self.site.client(user) as client:
            body = {"content": text, "ref": str(uuid.uuid4())}
            client.post(f"/api/articles/{self.slug}/comments/", json=body).raise_for_status()

    def truth(self) -> list[tuple[str, str, str]]:
        """Every comment's id, version and text, the newest first."""
        with self.site.client() as client:
            answer = client.get(f"/api/articles/{self.slug}/comments/?limit=100").raise_for_status().json()
        assert answer["next"] is None
        return [(c["id"], str(c["version"]), c["content"]) for c in answer["results"]]

    def shows_the_truth(self, page: Page) -> None:
        """Check that the page's list is the API's."""
        read = """list => [...list.querySelectorAll(".comment[data-id]")].map(comment => [
            comment.dataset.id, comment.dataset.version, comment.querySelector(".comment-text").innerText])"""
        expected = [list(row) for row in self.truth()]
        shown = page.locator(".comment-list")

        def is_shown() -> bool:
            asks_for_news(page)
            return bool(shown.evaluate(read) == expected)

        wait_until(is_shown, what="the page showing what the API has")
        no_entries(page)


def is_live(page: Page) -> None:
    expect(page.locator(".comments-status")).to_have_text("Live", timeout=AT_LAST)


def is_carried_by(proxy: HttpProxy, way: str, *, alone: bool = False) -> None:
    """Wait until this way is open; alone: and no other one."""
    others = {STREAM, POLLING, SOCKET} - {way}

    def is_open() -> bool:
        return proxy.running(way) == 1 and not (alone and any(proxy.running(other) for other in others))

    wait_until(is_open, within=AT_LAST / 1000, what=f"{way} being open")
