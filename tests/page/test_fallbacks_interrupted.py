"""Without a socket too, a page that was offline, out of sight or kept for later is brought up to date."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.page.behind import AT_LAST, SOCKET, STREAM, Behind, is_carried_by, is_live
from tests.page.room import comment, write
from tests.page.test_identity import come_back
from tests.page.wire import wake
from tests.services.http_proxy import Mode
from tests.services.waiting import wait_until


def test_a_stream_that_outlives_a_moment_offline_shows_again_who_reads(behind: Behind) -> None:
    behind.proxy.mode = Mode.REFUSE
    anna = behind.enter("reader1")
    expect(anna.locator(".people-button")).to_have_text("1 reading")
    anna.evaluate(
        "Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });"
        "dispatchEvent(new Event('offline'))"
    )
    expect(anna.locator(".people-button")).to_be_hidden()
    anna.evaluate("delete navigator.onLine; dispatchEvent(new Event('online'))")
    is_live(anna)
    expect(anna.locator(".people-button")).to_have_text("1 reading")
    assert behind.proxy.count(STREAM) == 1


def test_a_server_that_was_away_finds_its_readers_again(behind: Behind) -> None:
    behind.proxy.mode = Mode.REFUSE
    anna = behind.enter("reader1")
    behind.site.stop()
    expect(anna.locator(".comments-status")).to_have_text("Reconnecting…")
    write(anna, "Is anybody there?")
    behind.site.start()
    wake(anna)
    is_live(anna)
    expect(comment(anna, "Is anybody there?")).to_have_count(1)
    behind.said("Yes")
    expect(comment(anna, "Yes")).to_have_count(1)
    behind.shows_the_truth(anna)


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BUFFER], ids=lambda mode: mode.name.lower())
def test_offline_it_says_so_and_sends_what_was_written_when_back(behind: Behind, mode: Mode) -> None:
    behind.proxy.mode = mode
    anna = behind.enter("reader1")
    anna.context.set_offline(True)
    expect(anna.locator(".comments-status")).to_have_text("Offline")
    write(anna, "From the tunnel")
    expect(anna.locator(".comment-state")).to_have_text("Will be sent when you are back online.")
    behind.said("Meanwhile outside")
    anna.context.set_offline(False)
    expect(comment(anna, "Meanwhile outside")).to_have_count(1, timeout=AT_LAST)
    expect(comment(anna, "From the tunnel")).to_have_count(1, timeout=AT_LAST)
    is_live(anna)
    behind.shows_the_truth(anna)


def set_visible(page: Page, visible: bool) -> None:
    """Send the page the browser's event for a reader who turns to another tab, or back."""
    state = "visible" if visible else "hidden"
    page.evaluate(
        f"Object.defineProperty(document, 'visibilityState', {{ value: '{state}', configurable: true }})"
    )
    come_back(page)


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BUFFER], ids=lambda mode: mode.name.lower())
def test_a_page_out_of_sight_frees_its_connection_and_catches_up_when_back(
    behind: Behind, mode: Mode
) -> None:
    behind.proxy.mode = mode
    anna = behind.enter("reader1")
    said = anna.evaluate_handle(
        """() => {
            const said = [], status = document.querySelector(".comments-status");
            new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
            return said;
        }"""
    )
    set_visible(anna, False)
    wait_until(lambda: not behind.proxy.running("/api/"), what="the page holding no connection")
    behind.said("Meanwhile")
    # A page shows the state of its connection after a timer of 1.5 s; a later, longer timer fires after it.
    anna.evaluate("() => new Promise((done) => setTimeout(done, 1_600))")
    assert said.json_value() == []
    set_visible(anna, True)
    expect(comment(anna, "Meanwhile")).to_have_count(1)
    behind.said("And now")
    expect(comment(anna, "And now")).to_have_count(1, timeout=AT_LAST)
    behind.shows_the_truth(anna)


def test_a_page_that_the_browser_keeps_for_later_has_no_stream_until_it_is_back(behind: Behind) -> None:
    behind.proxy.mode = Mode.REFUSE
    anna = behind.enter("reader1")
    anna.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    wait_until(lambda: not behind.proxy.running(STREAM), what="the stream's end")
    behind.said("Meanwhile")
    anna.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(comment(anna, "Meanwhile")).to_have_count(1)
    is_live(anna)
    assert behind.proxy.running(STREAM) == 1


def test_a_page_that_the_browser_kept_connects_once(behind: Behind) -> None:
    anna = behind.enter("reader1")
    sockets: list[WebSocket] = []
    anna.on("websocket", lambda socket: sockets.append(socket))
    anna.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    set_visible(anna, False)
    behind.said("Meanwhile")
    # Chromium's order of these events.
    set_visible(anna, True)
    anna.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(comment(anna, "Meanwhile")).to_have_count(1)
    is_live(anna)
    is_carried_by(behind.proxy, SOCKET, alone=True)
    assert len(sockets) == 1
