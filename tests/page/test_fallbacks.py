"""Behind proxies that refuse WebSockets, comments are live all the same, and none is lost or doubled."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, Route, WebSocket, WebSocketRoute, expect

from tests.page.test_identity import come_back, log_in_elsewhere
from tests.page.test_live import Room, comment, no_entries, only_hears, write
from tests.page.test_unsent import wake
from tests.services.http_proxy import HttpProxy, Mode, http_proxy
from tests.services.site import AppServer
from tests.services.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.services.chromium import Pages
    from tests.services.databases import Databases

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
            answer = client.get(f"/api/articles/{self.slug}/comments/?limit=200").raise_for_status().json()
        assert answer["next"] is None
        return [(c["id"], str(c["version"]), c["content"]) for c in answer["results"]]

    def shows_the_truth(self, page: Page) -> None:
        """Check that the page's list is the API's."""
        read = """list => [...list.querySelectorAll(".comment[data-id]")].map(comment => [
            comment.dataset.id, comment.dataset.version, comment.querySelector(".comment-text").innerText])"""
        expected = [list(row) for row in self.truth()]
        shown = page.locator(".comment-list")
        wait_until(lambda: shown.evaluate(read) == expected, what="the page showing what the API has")
        no_entries(page)


def is_live(page: Page) -> None:
    expect(page.locator(".comments-status")).to_have_text("Live", timeout=AT_LAST)


def is_carried_by(proxy: HttpProxy, way: str, *, alone: bool = False) -> None:
    """Wait until this way is open; alone: and no other one."""
    others = {STREAM, POLLING, SOCKET} - {way}

    def is_open() -> bool:
        return proxy.running(way) == 1 and not (alone and any(proxy.running(other) for other in others))

    wait_until(is_open, within=AT_LAST / 1000, what=f"{way} being open")


@pytest.fixture(scope="module")
def proxy() -> Iterator[HttpProxy]:
    with http_proxy() as proxy:
        yield proxy


@pytest.fixture(scope="module")
def site(
    databases: Databases,
    _demo_database: str,
    _static_files: None,
    tmp_path_factory: pytest.TempPathFactory,
    proxy: HttpProxy,
) -> Iterator[AppServer]:
    """The site with the demo data, known by the proxy's address."""
    url = databases.create(template=_demo_database)
    directory: Path = tmp_path_factory.mktemp("site")
    site = AppServer(database_url=url, directory=directory, environment={"SITE_URL": proxy.url})
    proxy.target = site.port
    site.start()
    yield site
    site.stop()
    databases.drop(url)


@pytest.fixture
def room(site: AppServer, proxy: HttpProxy, new_page: Pages) -> Behind:
    proxy.mode = Mode.PASS
    proxy.cut()
    room = Behind(site, proxy, new_page)
    proxy.requests.clear()
    return room


def speaks_and_hears(room: Behind, page: Page) -> None:
    """Check that comments come and go, each once."""
    for text in ("One", "Two", "Three"):
        room.said(text)
        expect(comment(page, text)).to_have_count(1)
    write(page, "From behind the proxy")
    expect(comment(page, "From behind the proxy")).to_have_count(1)
    room.said("Heard")
    expect(comment(page, "Heard")).to_have_count(1)
    expect(page.locator(".comments-count")).to_have_text("5")
    expect(page.locator(".comments-status")).to_have_text("Live")
    room.shows_the_truth(page)


@pytest.mark.promise(17)
@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.STRIP, Mode.SWALLOW], ids=lambda mode: mode.name.lower())
def test_where_sockets_are_refused_a_stream_carries_comments(room: Behind, mode: Mode) -> None:
    room.proxy.mode = mode
    anna = room.enter("reader1")
    only_hears(anna)
    speaks_and_hears(room, anna)
    expect(anna.locator(".people-button")).to_have_text("1 reading")
    assert room.proxy.running(STREAM) == 1
    assert room.proxy.running(POLLING) == 0


@pytest.mark.promise(17)
def test_where_a_proxy_holds_answers_back_until_they_end_polling_carries_comments(room: Behind) -> None:
    room.proxy.mode = Mode.BUFFER
    anna = room.enter("reader1")
    speaks_and_hears(room, anna)
    assert room.proxy.count(POLLING) > 1


def test_an_own_comment_stands_once_while_its_answer_is_on_the_way(room: Behind) -> None:
    room.proxy.mode = Mode.BUFFER
    anna = room.enter("reader1")
    held = []
    anna.route("**/comments/", lambda route: held.append((route, route.fetch())))
    write(anna, "Faster than its answer")
    expect(comment(anna, "Faster than its answer")).to_have_count(1)
    no_entries(anna)
    [(route, answer)] = held
    route.fulfill(response=answer)
    anna.unroute("**/comments/")
    write(anna, "The next one")
    expect(comment(anna, "The next one")).to_have_count(1)
    room.shows_the_truth(anna)


def test_polling_shows_neither_readers_nor_typing(room: Behind) -> None:
    room.proxy.mode = Mode.REFUSE
    anna = room.enter("reader1")
    expect(anna.locator(".people-button")).to_have_text("1 reading")
    room.proxy.mode = Mode.BUFFER
    room.proxy.cut()
    is_carried_by(room.proxy, POLLING)
    is_live(anna)
    expect(anna.locator(".people-button")).to_be_hidden()


def test_a_stream_that_outlives_a_moment_offline_shows_again_who_reads(room: Behind) -> None:
    room.proxy.mode = Mode.REFUSE
    anna = room.enter("reader1")
    expect(anna.locator(".people-button")).to_have_text("1 reading")
    anna.evaluate(
        "Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });"
        "dispatchEvent(new Event('offline'))"
    )
    expect(anna.locator(".people-button")).to_be_hidden()
    anna.evaluate("delete navigator.onLine; dispatchEvent(new Event('online'))")
    is_live(anna)
    expect(anna.locator(".people-button")).to_have_text("1 reading")
    assert room.proxy.count(STREAM) == 1


def test_a_socket_that_carries_nothing_but_its_welcome_is_left(room: Behind) -> None:
    anna = room.new_page("reader1", site=room.outside)

    def carry_one_frame(route: WebSocketRoute) -> None:
        frames: list[str | bytes] = []

        def down(frame: str | bytes) -> None:
            frames.append(frame)
            if len(frames) == 1:
                route.send(frame)

        route.connect_to_server().on_message(down)
        route.on_message(lambda frame: None)

    anna.route_web_socket("**/ws/**", carry_one_frame)
    anna.goto(room.path)
    is_live(anna)
    write(anna, "Does it get out?")
    expect(comment(anna, "Does it get out?")).to_have_count(1, timeout=AT_LAST)
    room.said("It does")
    expect(comment(anna, "It does")).to_have_count(1, timeout=AT_LAST)
    room.shows_the_truth(anna)


def test_an_article_taken_back_before_anything_was_open_is_called_that(room: Behind) -> None:
    room.proxy.mode = Mode.REFUSE
    anna = room.new_page("reader1", site=room.outside)

    def take_back(route: Route) -> None:
        page = route.fetch()
        room.shell("Article.objects.filter(slug=slug).update(status='draft')")
        route.fulfill(response=page)

    anna.route(f"**{room.path}", take_back)
    anna.goto(room.path)
    expect(anna.locator(".comments-said")).to_have_text("This page is no longer here.", timeout=AT_LAST)


def test_a_stream_shows_readers_and_typing(room: Behind) -> None:
    room.proxy.mode = Mode.REFUSE
    anna = room.enter("reader1")
    room.proxy.mode = Mode.PASS
    ben = room.enter("reader2")
    expect(anna.locator(".people-button")).to_have_text("2 reading")
    ben.locator("#comment-content").press_sequentially("Hm")
    expect(anna.locator(".comments-typing")).to_have_text("reader2 is typing…")


@pytest.mark.promise(17)
@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BUFFER], ids=lambda mode: mode.name.lower())
def test_once_sockets_are_let_through_the_page_goes_back_to_one(room: Behind, mode: Mode) -> None:
    room.proxy.mode = mode
    anna = room.enter("reader1")
    room.said("Before")
    expect(comment(anna, "Before")).to_have_count(1)
    room.proxy.mode = Mode.PASS
    is_carried_by(room.proxy, SOCKET, alone=True)
    only_hears(anna)
    posts = sum(request.method == "POST" for request in room.proxy.requests)
    write(anna, "Over the socket again")
    expect(comment(anna, "Over the socket again")).to_have_count(1)
    room.shows_the_truth(anna)
    assert sum(request.method == "POST" for request in room.proxy.requests) == posts


@pytest.mark.promise(17)
def test_nothing_is_lost_or_doubled_while_the_page_changes_over(room: Behind) -> None:
    anna = room.enter("reader1")
    for mode, way in (
        (Mode.REFUSE, STREAM),
        (Mode.BUFFER, POLLING),
        (Mode.STRIP, STREAM),
        (Mode.PASS, SOCKET),
    ):
        room.proxy.mode = mode
        if mode is not Mode.PASS:
            room.proxy.cut()
        room.said(f"While {mode.name} begins")
        write(anna, f"Mine in {mode.name}")
        if way != POLLING:
            wake(anna)
        is_carried_by(room.proxy, way)
        room.said(f"Under {mode.name}")
        expect(comment(anna, f"Under {mode.name}")).to_have_count(1)
        is_carried_by(room.proxy, way)  # still, so the comment came on this way
        is_live(anna)
    is_carried_by(room.proxy, SOCKET, alone=True)
    no_entries(anna)
    assert len(room.truth()) == 12
    room.shows_the_truth(anna)


def test_a_server_that_was_away_finds_its_readers_again(room: Behind) -> None:
    room.proxy.mode = Mode.REFUSE
    anna = room.enter("reader1")
    room.site.stop()
    expect(anna.locator(".comments-status")).to_have_text("Reconnecting…")
    write(anna, "Is anybody there?")
    room.site.start()
    wake(anna)
    is_live(anna)
    expect(comment(anna, "Is anybody there?")).to_have_count(1)
    room.said("Yes")
    expect(comment(anna, "Yes")).to_have_count(1)
    room.shows_the_truth(anna)


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BUFFER], ids=lambda mode: mode.name.lower())
def test_offline_it_says_so_and_sends_what_was_written_when_back(room: Behind, mode: Mode) -> None:
    room.proxy.mode = mode
    anna = room.enter("reader1")
    anna.context.set_offline(True)
    expect(anna.locator(".comments-status")).to_have_text("Offline")
    write(anna, "From the tunnel")
    expect(anna.locator(".comment-state")).to_have_text("Will be sent when you are back online.")
    room.said("Meanwhile outside")
    anna.context.set_offline(False)
    expect(comment(anna, "Meanwhile outside")).to_have_count(1, timeout=AT_LAST)
    expect(comment(anna, "From the tunnel")).to_have_count(1, timeout=AT_LAST)
    is_live(anna)
    room.shows_the_truth(anna)


def set_visible(page: Page, visible: bool) -> None:
    """Send the page the browser's event for a reader who turns to another tab, or back."""
    state = "visible" if visible else "hidden"
    page.evaluate(
        f"Object.defineProperty(document, 'visibilityState', {{ value: '{state}', configurable: true }})"
    )
    come_back(page)


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BUFFER], ids=lambda mode: mode.name.lower())
def test_a_page_out_of_sight_frees_its_connection_and_catches_up_when_back(room: Behind, mode: Mode) -> None:
    room.proxy.mode = mode
    anna = room.enter("reader1")
    said = anna.evaluate_handle(
        """() => {
            const said = [], status = document.querySelector(".comments-status");
            new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
            return said;
        }"""
    )
    set_visible(anna, False)
    wait_until(lambda: not room.proxy.running("/api/"), what="the page holding no connection")
    room.said("Meanwhile")
    # A page shows the state of its connection after a timer of 1.5 s; a later, longer timer fires after it.
    anna.evaluate("() => new Promise((done) => setTimeout(done, 1_600))")
    assert said.json_value() == []
    set_visible(anna, True)
    expect(comment(anna, "Meanwhile")).to_have_count(1)
    room.said("And now")
    expect(comment(anna, "And now")).to_have_count(1, timeout=AT_LAST)
    room.shows_the_truth(anna)


def test_a_page_that_the_browser_keeps_for_later_has_no_stream_until_it_is_back(room: Behind) -> None:
    room.proxy.mode = Mode.REFUSE
    anna = room.enter("reader1")
    anna.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    wait_until(lambda: not room.proxy.running(STREAM), what="the stream's end")
    room.said("Meanwhile")
    anna.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(comment(anna, "Meanwhile")).to_have_count(1)
    is_live(anna)
    assert room.proxy.running(STREAM) == 1


def test_a_page_that_the_browser_kept_connects_once(room: Behind) -> None:
    anna = room.enter("reader1")
    sockets: list[WebSocket] = []
    anna.on("websocket", lambda socket: sockets.append(socket))
    anna.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    set_visible(anna, False)
    room.said("Meanwhile")
    # Chromium's order of these events.
    set_visible(anna, True)
    anna.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(comment(anna, "Meanwhile")).to_have_count(1)
    is_live(anna)
    is_carried_by(room.proxy, SOCKET, alone=True)
    assert len(sockets) == 1


@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BUFFER], ids=lambda mode: mode.name.lower())
def test_a_login_in_another_tab_is_noticed_without_a_socket_too(room: Behind, mode: Mode) -> None:
    room.proxy.mode = mode
    anna = room.enter()
    log_in_elsewhere(anna, "reader1")
    come_back(anna)
    expect(anna.locator(".composer-as b")).to_have_text("reader1")
    write(anna, "It is me")
    expect(comment(anna, "It is me").locator(".comment-user")).to_have_text("reader1")


def test_over_http_nothing_is_written_as_somebody_else(room: Behind) -> None:
    room.proxy.mode = Mode.REFUSE
    anna = room.enter("reader1")
    anna.context.clear_cookies(name="sessionid")
    log_in_elsewhere(anna, "reader2")
    write(anna, "Only ever as reader1")
    expect(anna.locator(".comment-state")).to_have_text("Not sent. Please log in to post it.")
    anna.get_by_role("button", name="Retry").click()
    expect(anna.locator(".composer-as b")).to_have_text("reader2")
    assert room.truth() == []


def test_an_article_that_is_taken_back_ends_the_stream_for_good(room: Behind) -> None:
    room.proxy.mode = Mode.REFUSE
    anna = room.enter("reader1")
    room.shell("Article.objects.filter(slug=slug).update(status='draft')")
    expect(anna.locator(".comments-said")).to_have_text("This page is no longer here.")
    wait_until(lambda: not room.proxy.running("/"), what="every request's end")
    asked = len(room.proxy.requests)
    wake(anna)
    anna.wait_for_load_state("networkidle")
    assert room.proxy.count(STREAM) == 1
    assert not [r for r in room.proxy.requests[asked:] if STREAM in r.path or r.upgrade]


def test_over_the_next_socket_nothing_is_written_as_somebody_else(room: Behind) -> None:
    room.proxy.mode = Mode.REFUSE
    anna = room.enter("reader1")
    is_carried_by(room.proxy, STREAM)
    for address in ("**/comments/", "**/events/*"):
        anna.route(address, lambda route: route.abort())
    write(anna, "Only ever as reader1")
    expect(anna.locator(".comment-state")).to_have_text("Sending…")
    anna.context.clear_cookies(name="sessionid")
    log_in_elsewhere(anna, "reader2")
    room.proxy.mode = Mode.PASS
    room.proxy.cut()
    expect(anna.locator(".composer-as b")).to_have_text("reader2", timeout=AT_LAST)
    expect(anna.locator(".comment-state")).to_have_text("Not sent. It was written under another name.")
    assert room.truth() == []
