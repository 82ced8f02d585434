"""Without a socket too, a page shows who is there, knows who its reader is, and what is gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.page.behind import AT_LAST, POLLING, STREAM, Behind, is_carried_by, is_live
from tests.page.room import comment, write
from tests.page.test_identity import come_back, log_in_elsewhere
from tests.page.wire import wake
from tests.services.http_proxy import Mode
from tests.services.waiting import wait_until


def test_polling_shows_neither_readers_nor_typing(behind: Behind) -> None:
    behind.proxy.mode = Mode.REFUSE
    anna = behind.enter("reader1")
    expect(anna.locator(".people-button")).to_have_text("1 reading")
    behind.proxy.mode = Mode.BUFFER
    behind.proxy.cut()
    is_carried_by(behind.proxy, POLLING)
    is_live(anna)
    expect(anna.locator(".people-button")).to_be_hidden()


def test_an_article_taken_back_before_anything_was_open_is_called_that(behind: Behind) -> None:
    behind.proxy.mode = Mode.REFUSE
    anna = behind.new_page("reader1", site=behind.outside)

    def take_back(route: Route) -> None:
        page = route.fetch()
        behind.shell("Article.objects.filter(slug=slug).update(status='draft')")
        route.fulfill(response=page)

    anna.route(f"**{behind.path}", take_back)
    anna.goto(behind.path)
    expect(anna.locator(".comments-said")).to_have_text("This page is no longer here.", timeout=AT_LAST)


def test_a_stream_shows_readers_and_typing(behind: Behind) -> None:
    behind.proxy.mode = Mode.REFUSE
    anna = behind.enter("reader1")
    behind.proxy.mode = Mode.PASS
    ben = behind.enter("reader2")
    expect(anna.locator(".people-button")).to_have_text("2 reading")
    ben.locator("#comment-content").press_sequentially("Hm")
    expect(anna.locator(".comments-typing")).to_have_text("reader2 is typing…")


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BUFFER], ids=lambda mode: mode.name.lower())
def test_a_login_in_another_tab_is_noticed_without_a_socket_too(behind: Behind, mode: Mode) -> None:
    behind.proxy.mode = mode
    anna = behind.enter()
    log_in_elsewhere(anna, "reader1")
    come_back(anna)
    expect(anna.locator(".composer-as b")).to_have_text("reader1")
    write(anna, "It is me")
    expect(comment(anna, "It is me").locator(".comment-user")).to_have_text("reader1")


def test_over_http_nothing_is_written_as_somebody_else(behind: Behind) -> None:
    behind.proxy.mode = Mode.REFUSE
    anna = behind.enter("reader1")
    anna.context.clear_cookies(name="sessionid")
    log_in_elsewhere(anna, "reader2")
    write(anna, "Only ever as reader1")
    expect(anna.locator(".comment-state")).to_have_text("Not sent. Please log in to post it.")
    anna.get_by_role("button", name="Retry").click()
    expect(anna.locator(".composer-as b")).to_have_text("reader2")
    assert behind.truth() == []


def test_an_article_that_is_taken_back_ends_the_stream_for_good(behind: Behind) -> None:
    behind.proxy.mode = Mode.REFUSE
    anna = behind.enter("reader1")
    behind.shell("Article.objects.filter(slug=slug).update(status='draft')")
    expect(anna.locator(".comments-said")).to_have_text("This page is no longer here.")
    wait_until(lambda: not behind.proxy.running("/"), what="every request's end")
    asked = len(behind.proxy.requests)
    wake(anna)
    anna.wait_for_load_state("networkidle")
    assert behind.proxy.count(STREAM) == 1
    assert not [r for r in behind.proxy.requests[asked:] if STREAM in r.path or r.upgrade]


def test_over_the_next_socket_nothing_is_written_as_somebody_else(behind: Behind) -> None:
    behind.proxy.mode = Mode.REFUSE
    anna = behind.enter("reader1")
    is_carried_by(behind.proxy, STREAM)
    for address in ("**/comments/", "**/events/*"):
        anna.route(address, lambda route: route.abort())
    write(anna, "Only ever as reader1")
    expect(anna.locator(".comment-state")).to_have_text("Sending…")
    anna.context.clear_cookies(name="sessionid")
    log_in_elsewhere(anna, "reader2")
    behind.proxy.mode = Mode.PASS
    behind.proxy.cut()
    expect(anna.locator(".composer-as b")).to_have_text("reader2", timeout=AT_LAST)
    expect(anna.locator(".comment-state")).to_have_text("Not sent. It was written under another name.")
    assert behind.truth() == []
