"""A whole conversation as two people see it: in development, and in production with two workers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.page.room import comment, write

if TYPE_CHECKING:
    from tests.services.chromium import Pages
    from tests.services.redis import RedisServer
    from tests.services.site import AppServer

SLUG = "hello-live-comments"
PATH = f"/articles/{SLUG}/"
BACK_AGAIN = 60_000  # ms: the longest wait between two attempts to reconnect is 20 s


@pytest.fixture(params=["development", "production"])
def site(
    request: pytest.FixtureRequest, app_server: Callable[..., AppServer], demo_database_url: str
) -> AppServer:
    """`manage.py runserver` with nothing else, or two workers with Redis."""
    if request.param == "development":
        return app_server(database_url=demo_database_url, server="runserver")
    redis: RedisServer = request.getfixturevalue("new_redis")()
    return app_server(database_url=demo_database_url, redis=redis, environment={"WORKERS": "2"})


@pytest.fixture
def windows(site: AppServer, new_page: Pages) -> tuple[Page, Page]:
    """Two private windows on one article: reader1's, and an anonymous reader's."""
    both = new_page("reader1", site=site), new_page(site=site)
    for page in both:
        page.goto(PATH)
        expect(page.locator(".comments-status")).to_have_text("Live")
    return both


def shown(page: Page) -> dict[str, str]:
    """The comments on a page: text by id."""
    pairs = page.locator(".comment[data-status=visible][data-id]").evaluate_all(
        "all => all.map(one => [one.dataset.id, one.querySelector('.comment-text').innerText.trim()])"
    )
    return dict(pairs)


def stored(site: AppServer) -> dict[str, str]:
    """The comments in the database, by a fresh page without scripts' help: the API's snapshot."""
    with site.client() as client:
        answer: dict[str, Any] = client.get(f"/api/articles/{SLUG}/comments/?limit=100").json()
    rows = [row for root in answer["results"] for row in (root, *root["replies"]["results"])]
    return {row["id"]: row["html"] for row in rows if row["status"] == "visible"}


def moderate(site: AppServer, action: str, text: str) -> None:
    """Use an action of the Django admin's list, as the moderator does."""
    with site.client("moderator") as client:
        found = client.get("/admin/comments/comment/", params={"q": text})
        pk = re.search(r'name="_selected_action" value="(\d+)"', found.text)
        assert pk is not None, found.text
        token = client.cookies["csrftoken"]
        form = {"action": action, "_selected_action": pk[1], "csrfmiddlewaretoken": token}
        client.post("/admin/comments/comment/", data=form, headers={"Referer": site.url}).raise_for_status()


def test_two_people_meet_and_a_moderator_steps_in(site: AppServer, windows: tuple[Page, Page]) -> None:
    reader, guest = windows
    write(reader, "Is anybody here?")
    expect(comment(guest, "Is anybody here?")).to_be_visible()

    guest.focus("#comment-content")
    guest.fill("#comment-name", "Maya")
    write(guest, "I am, from the train.")
    expect(comment(reader, "I am, from the train.").locator(".comment-user")).to_have_text("Maya")

    reader.click(".people-button")
    expect(reader.locator(".people-list li")).to_have_text(["MMaya", "Rreader1you"])
    guest.locator("#comment-content").press_sequentially("And")
    expect(reader.locator(".comments-typing")).to_have_text("Maya is typing…")
    guest.fill("#comment-content", "")

    comment(reader, "I am, from the train.").locator(".comment-reply").click()
    write(reader, "Which one?")
    expect(comment(guest, "Which one?")).to_be_visible()

    moderate(site, "hide", "Is anybody here?")
    for page in windows:
        expect(comment(page, "Is anybody here?")).to_have_count(0)
    moderate(site, "restore", "Is anybody here?")
    for page in windows:
        expect(comment(page, "Is anybody here?")).to_be_visible()
    assert "Traceback" not in site.log()


def test_what_is_written_while_the_server_is_away_arrives_once(
    site: AppServer, windows: tuple[Page, Page]
) -> None:
    reader, anonymous = windows
    write(reader, "Before the fall")
    expect(comment(anonymous, "Before the fall")).to_be_visible()

    site.stop()
    for page in windows:
        expect(page.locator(".comments-status")).not_to_have_text("Live")
    write(reader, "Into the silence")
    expect(reader.locator(".comment.is-entry")).to_have_count(1)
    site.start()

    for page in windows:
        expect(comment(page, "Into the silence")).to_have_count(1, timeout=BACK_AGAIN)
        expect(page.locator(".comments-status")).to_have_text("Live", timeout=BACK_AGAIN)
    expect(reader.locator(".comment.is-entry")).to_have_count(0)
    expected = stored(site)
    assert [html for html in expected.values() if "Into the silence" in html] == [
        '<p dir="auto">Into the silence</p>\n'
    ]
    for page in windows:
        assert shown(page).keys() == expected.keys()
    assert "Traceback" not in site.log()
