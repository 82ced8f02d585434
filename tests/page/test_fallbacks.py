"""Behind proxies that refuse WebSockets, comments are live all the same, and none is lost or doubled."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.page.behind import AT_LAST, POLLING, SOCKET, STREAM, Behind, is_carried_by, is_live
from tests.page.room import comes, comment, no_entries, only_hears, write
from tests.page.wire import wake
from tests.services.http_proxy import Mode


def speaks_and_hears(behind: Behind, page: Page) -> None:
    """Check that comments come and go, each once."""
    for text in ("One", "Two", "Three"):
        behind.said(text)
        expect(comment(page, text)).to_have_count(1)
    write(page, "From behind the proxy")
    expect(comment(page, "From behind the proxy")).to_have_count(1)
    behind.said("Heard")
    expect(comment(page, "Heard")).to_have_count(1)
    expect(page.locator(".comments-count")).to_have_text("5")
    expect(page.locator(".comments-status")).to_have_text("Live")
    behind.shows_the_truth(page)


@pytest.mark.promise(17)
@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.STRIP, Mode.SWALLOW], ids=lambda mode: mode.name.lower())
def test_where_sockets_are_refused_a_stream_carries_comments(behind: Behind, mode: Mode) -> None:
    behind.proxy.mode = mode
    anna = behind.enter("reader1")
    only_hears(anna)
    speaks_and_hears(behind, anna)
    expect(anna.locator(".people-button")).to_have_text("1 reading")
    assert behind.proxy.running(STREAM) == 1
    assert behind.proxy.running(POLLING) == 0


@pytest.mark.promise(17)
def test_where_a_proxy_holds_answers_back_until_they_end_polling_carries_comments(behind: Behind) -> None:
    behind.proxy.mode = Mode.BUFFER
    anna = behind.enter("reader1")
    speaks_and_hears(behind, anna)
    assert behind.proxy.count(POLLING) > 1
    behind.shell(
        "from blog.services import save_article; article.body = 'Anew.'; save_article(article=article)"
    )
    behind.said("The next answer tells of it")
    expect(anna.locator(".comments-revised")).to_contain_text("This article was revised.")


def test_an_own_comment_stands_once_while_its_answer_is_on_the_way(behind: Behind) -> None:
    behind.proxy.mode = Mode.BUFFER
    anna = behind.enter("reader1")
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
    behind.shows_the_truth(anna)


def test_a_socket_that_carries_nothing_but_its_welcome_is_left(behind: Behind) -> None:
    anna = behind.new_page("reader1", site=behind.outside)

    def carry_one_frame(route: WebSocketRoute) -> None:
        frames: list[str | bytes] = []

        def down(frame: str | bytes) -> None:
            frames.append(frame)
            if len(frames) == 1:
                route.send(frame)

        route.connect_to_server().on_message(down)
        route.on_message(lambda frame: None)

    anna.route_web_socket("**/ws/**", carry_one_frame)
    anna.goto(behind.path)
    is_live(anna)
    write(anna, "Does it get out?")
    expect(comment(anna, "Does it get out?")).to_have_count(1, timeout=AT_LAST)
    behind.said("It does")
    expect(comment(anna, "It does")).to_have_count(1, timeout=AT_LAST)
    behind.shows_the_truth(anna)


@pytest.mark.promise(17)
@pytest.mark.parametrize("mode", [Mode.REFUSE, Mode.BUFFER], ids=lambda mode: mode.name.lower())
def test_once_sockets_are_let_through_the_page_goes_back_to_one(behind: Behind, mode: Mode) -> None:
    behind.proxy.mode = mode
    anna = behind.enter("reader1")
    behind.said("Before")
    expect(comment(anna, "Before")).to_have_count(1)
    behind.proxy.mode = Mode.PASS
    is_carried_by(behind.proxy, SOCKET, alone=True)
    only_hears(anna)
    posts = sum(request.method == "POST" for request in behind.proxy.requests)
    write(anna, "Over the socket again")
    expect(comment(anna, "Over the socket again")).to_have_count(1)
    behind.shows_the_truth(anna)
    assert sum(request.method == "POST" for request in behind.proxy.requests) == posts


@pytest.mark.promise(17)
def test_nothing_is_lost_or_doubled_while_the_page_changes_over(behind: Behind) -> None:
    anna = behind.enter("reader1")
    for mode, way in (
        (Mode.REFUSE, STREAM),
        (Mode.BUFFER, POLLING),
        (Mode.STRIP, STREAM),
        (Mode.PASS, SOCKET),
    ):
        behind.proxy.mode = mode
        if mode is not Mode.PASS:
            behind.proxy.cut()
        behind.said(f"While {mode.name} begins")
        write(anna, f"Mine in {mode.name}")
        if way != POLLING:
            wake(anna)
        is_carried_by(behind.proxy, way)
        behind.said(f"Under {mode.name}")
        comes(anna, f"Under {mode.name}")
        is_carried_by(behind.proxy, way)  # still, so the comment came on this way
        is_live(anna)
    is_carried_by(behind.proxy, SOCKET, alone=True)
    no_entries(anna)
    assert len(behind.truth()) == 12
    behind.shows_the_truth(anna)
