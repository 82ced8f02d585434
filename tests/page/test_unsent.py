"""No text that was typed is ever lost, and none is sent twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.page.test_live import Room, comment, no_entries, room, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.services.chromium import Pages
    from tests.services.site import AppServer

__all__ = ["room"]


class Wire:
    """Stands between a page and its server, to cut the socket and to answer in the server's name."""

    def __init__(self, page: Page) -> None:
        self.is_cut = False
        self.sent: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], dict[str, Any] | None] = lambda frame: None
        self.loses: Callable[[str], bool] = lambda data: False
        self.sockets: list[WebSocketRoute] = []
        page.route_web_socket("**/ws/**", self._open)

    def cut(self) -> None:
        self.is_cut = True
        for socket in self.sockets:
            socket.close(code=1001)
        self.sockets = []

    def mend(self) -> None:
        self.is_cut = False

    def tell(self, frame: dict[str, Any]) -> None:
        self.sockets[-1].send(json.dumps(frame))

    def messages(self) -> list[dict[str, Any]]:
        return [frame for frame in self.sent if frame["type"] == "message"]

    def _open(self, socket: WebSocketRoute) -> None:
        if self.is_cut:
            socket.close(code=1001)
            return
        self.sockets.append(socket)
        server = socket.connect_to_server()

        def pass_on(data: str | bytes) -> None:
            frame = json.loads(data)
            self.sent.append(frame)
            answer = self.answer(frame)
            if answer is None:
                server.send(data)
            else:
                socket.send(json.dumps(answer))

        socket.on_message(pass_on)
        server.on_message(lambda data: None if self.loses(str(data)) else socket.send(data))


def enter(room: Room, user: str | None) -> tuple[Page, Wire]:
    page = room.new_page(user)
    wire = Wire(page)
    page.goto(room.path)
    expect(page.locator(".comments-status")).to_have_text("Live")
    return page, wire


def refuse_live_updates(page: Page, wire: Wire) -> None:
    """Let no way through that could be live: only requests that are answered at once."""
    wire.is_cut = True
    for address in ("**/events/*", "**/history/?*wait=*"):
        page.route(address, lambda route: route.fulfill(status=403))


def refuse(reason: str, code: int, **fields: Any) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    def answer(frame: dict[str, Any]) -> dict[str, Any] | None:
        if frame["type"] != "message":
            return None
        error = {"type": "error", "code": code, "reason": reason, "message": "No.", "ref": frame["ref"]}
        return {**error, **fields}

    return answer


def wake(page: Page) -> None:
    """Send the page the browser's event for a network that is back."""
    page.evaluate("dispatchEvent(new Event('online'))")


def test_written_offline_it_is_sent_once_when_back(room: Room) -> None:
    ben = room.enter("reader2")
    anna, wire = enter(room, "reader1")
    anna.context.set_offline(True)
    wire.cut()
    expect(anna.locator(".comments-status")).to_have_text("Offline")
    write(anna, "From the tunnel")
    expect(anna.locator(".comment-state")).to_have_text("Will be sent when you are back online.")
    write(ben, "Meanwhile outside")
    expect(comment(ben, "Meanwhile outside")).to_be_visible()
    wire.mend()
    anna.context.set_offline(False)
    for page in (anna, ben):
        expect(comment(page, "From the tunnel")).to_have_count(1)
        expect(comment(page, "Meanwhile outside")).to_have_count(1)
    no_entries(anna)
    expect(anna.locator(".comments-status")).to_have_text("Live")
    assert len(wire.messages()) == 1


def test_an_ack_that_got_lost_does_not_double_the_comment(room: Room) -> None:
    ben = room.enter("reader2")
    anna, wire = enter(room, "reader1")

    def cut_after_sending(frame: dict[str, Any]) -> None:
        if frame["type"] == "message" and len(wire.messages()) == 1:
            with room.site.client("reader1") as client:
                body = {key: frame[key] for key in ("content", "ref", "parent")}
                client.post(f"/api/articles/{room.slug}/comments/", json=body).raise_for_status()
            wire.cut()

    wire.answer = cut_after_sending
    write(anna, "Once")
    expect(comment(ben, "Once")).to_have_count(1)
    wire.mend()
    wake(anna)
    expect(comment(anna, "Once")).to_have_count(1)
    no_entries(anna)
    refs = {frame["ref"] for frame in wire.messages()}
    assert (len(refs), comment(ben, "Once").count()) == (1, 1)


def test_a_live_frame_is_enough_where_its_ack_is_late(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    wire.loses = lambda data: '"type":"ack"' in data and not data.startswith("[")
    for text in ("One", "Two", "Three"):
        write(anna, text)
    expect(anna.locator(".comment-list .comment-text")).to_have_text(["Three", "Two", "One"])
    no_entries(anna)
    assert len(wire.messages()) == 3


def test_a_reload_while_offline_keeps_what_was_written_and_what_was_being_written(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    wire.cut()
    write(anna, "Written in the tunnel")
    expect(anna.locator(".is-entry")).to_have_count(1)
    anna.fill("#comment-content", "Half a sent")
    anna.reload()
    expect(anna.locator("#comment-content")).to_have_value("Half a sent")
    wire.mend()
    wake(anna)
    expect(comment(anna, "Written in the tunnel")).to_have_count(1)
    no_entries(anna)
    anna.fill("#comment-content", "")
    anna.reload()
    expect(anna.locator(".comments-status")).to_have_text("Live")
    expect(anna.locator("#comment-content")).to_have_value("")
    no_entries(anna)


def test_a_reload_keeps_the_parent_of_a_reply(room: Room) -> None:
    anna = room.enter("reader1")
    write(anna, "A question")
    comment(anna, "A question").locator(".comment-reply").click()
    anna.keyboard.type("Half an ans")
    anna.reload()
    form = anna.locator(".comment-item .composer")
    expect(form.locator("#comment-content")).to_have_value("Half an ans")
    expect(form.locator(".composer-to")).to_contain_text("Replying to reader1")


def test_when_the_parent_of_a_reply_is_removed_the_draft_stays(room: Room) -> None:
    anna = room.enter("reader1")
    write(anna, "A question")
    comment(anna, "A question").locator(".comment-reply").click()
    anna.keyboard.type("Half an ans")
    room.shell("services.hide_comment(comment=Comment.objects.get(thread=thread))")
    expect(anna.locator("#comment-error")).to_contain_text("was removed")
    expect(anna.locator(".composer-place #comment-content")).to_have_value("Half an ans")
    expect(anna.locator(".composer-to")).to_be_hidden()


def test_an_unsent_comment_shows_its_text_as_typed(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    wire.cut()
    write(anna, "<b>bold</b> & *stars*")
    expect(anna.locator(".is-entry .comment-text")).to_have_text("<b>bold</b> & *stars*")


def test_only_their_author_sees_drafts(room: Room) -> None:
    anna, _ = enter(room, "reader1")
    anna.fill("#comment-content", "Private thoughts")
    anna.context.clear_cookies()
    anna.reload()
    expect(anna.locator(".comments-status")).to_have_text("Live")
    expect(anna.locator("#comment-content")).to_have_value("")


def test_a_refused_comment_can_be_retried_with_its_ref_changed_or_discarded(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    wire.answer = refuse("closed", 403)
    write(anna, "Too late?")
    expect(anna.locator(".comment-state")).to_have_text("Not sent. Comments are closed.")
    wire.answer = lambda frame: None
    anna.get_by_role("button", name="Retry").click()
    expect(comment(anna, "Too late?")).to_have_count(1)
    first, second = wire.messages()
    assert first["ref"] == second["ref"]

    wire.answer = refuse("bad_parent", 422)
    write(anna, "An answer to nothing")
    expect(anna.locator(".comment-state")).to_have_text("Not sent. The comment it answers is gone.")
    expect(anna.get_by_role("button", name="Retry")).to_be_hidden()
    anna.get_by_role("button", name="Edit").click()
    expect(anna.locator("#comment-content")).to_have_value("An answer to nothing")
    no_entries(anna)
    anna.keyboard.press("Control+Enter")
    anna.get_by_role("button", name="Discard").click()
    no_entries(anna)


def test_too_fast_it_waits_and_is_sent_by_itself(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    words = "You are writing very fast. Try again in 2 s."
    wire.answer = refuse("rate_limited", 429, retry_after=1.5, message=words)
    write(anna, "Quick")
    expect(anna.locator(".comment-state")).to_have_text("You are writing very fast. Sending again in 2 s.")
    wire.answer = lambda frame: None
    expect(comment(anna, "Quick")).to_have_count(1)
    no_entries(anna)


def test_a_comment_that_waits_for_a_moderator_says_so(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    wire.answer = lambda frame: (
        {"type": "ack", "ref": frame["ref"], "id": "99", "seq": None, "status": "pending", "duplicate": False}
        if frame["type"] == "message"
        else None
    )
    write(anna, "Please look at it")
    expect(anna.locator(".comment-state")).to_have_text("Waiting for a moderator. Only you see it.")


def test_blank_and_too_long_are_said_before_sending(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    write(anna, " \u200b ")
    expect(anna.locator("#comment-error")).to_have_text("Write something first.")
    anna.fill("#comment-content", "x" * 4990)
    expect(anna.locator(".composer-count")).to_have_text("10 characters left")
    write(anna, "x" * 5001)
    expect(anna.locator(".composer-count")).to_have_text("1 character too many")
    expect(anna.locator("#comment-error")).to_contain_text("too long by 1 character")
    assert wire.messages() == []


def test_where_nothing_live_is_let_through_comments_go_over_http(room: Room) -> None:
    ben = room.enter("reader2")
    anna = room.new_page("reader1")
    refuse_live_updates(anna, Wire(anna))
    anna.goto(room.path)
    expect(anna.locator(".comments-status")).to_have_text("Not live", timeout=60_000)
    write(ben, "Can you hear me?")
    expect(comment(ben, "Can you hear me?")).to_be_visible()
    write(anna, "Over the other line")
    expect(comment(ben, "Over the other line")).to_have_count(1)
    expect(comment(anna, "Over the other line")).to_have_count(1)
    expect(comment(anna, "Can you hear me?")).to_have_count(1)
    no_entries(anna)


def test_a_comment_posted_over_http_and_removed_before_it_shows_does_not_stay_unsent(room: Room) -> None:
    anna = room.new_page("reader1")
    refuse_live_updates(anna, Wire(anna))
    anna.goto(room.path)
    expect(anna.locator(".comments-status")).to_have_text("Not live", timeout=60_000)

    def hide_first(route: Route) -> None:
        room.shell("for c in Comment.objects.filter(content='Rude'): services.hide_comment(comment=c)")
        route.continue_()

    anna.route("**/history/?*", hide_first)
    write(anna, "Rude")
    expect(anna.locator(".is-entry")).to_have_count(1)
    no_entries(anna)
    expect(anna.locator(".comment-list .comment")).to_have_count(0)


def test_a_comment_that_was_hidden_before_its_retry_vanishes_quietly(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    wire.answer = lambda frame: wire.cut() if frame["type"] == "message" else None
    write(anna, "Rude words")
    expect(anna.locator(".is-entry")).to_have_count(1)
    (frame,) = wire.messages()
    with room.site.client("reader1") as client:
        body = {key: frame[key] for key in ("content", "ref", "parent")}
        client.post(f"/api/articles/{room.slug}/comments/", json=body).raise_for_status()
    room.shell("services.hide_comment(comment=Comment.objects.get(content='Rude words'))")
    wire.answer = lambda frame: None
    wire.mend()
    wake(anna)
    no_entries(anna)
    expect(anna.locator(".comment-list .comment")).to_have_count(0)
    expect(anna.locator(".comments-empty")).to_be_visible()


def test_a_comment_that_a_restored_backup_lost_is_sent_again_by_a_page_that_still_has_it(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    wire.loses = lambda data: ">Lost</p>" in data
    wire.answer = lambda frame: (
        {"type": "ack", "ref": frame["ref"], "id": "999999999", "seq": 40, "status": "visible"}
        if frame["type"] == "message"
        else None
    )
    write(anna, "Lost")
    expect(anna.locator(".comment-state")).to_have_text("Sending…")
    wire.loses, wire.answer = lambda data: False, lambda frame: None
    room.shell("Thread.objects.filter(pk=thread.pk).update(epoch='restored')")
    wire.tell({"type": "pong", "epoch": "restored", "seq": 0})
    expect(comment(anna, "Lost")).to_have_count(1)
    no_entries(anna)


def test_half_a_character_is_left_out_of_what_is_sent(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    anna.locator("#comment-content").evaluate(
        "text => { text.value = 'Half a \\ud83d smile'; text.dispatchEvent(new Event('input')) }"
    )
    anna.click(".composer-send")
    expect(comment(anna, "Half a smile")).to_have_count(1)
    assert wire.messages()[0]["content"] == "Half a  smile"


def test_a_reader_who_goes_back_finds_the_draft_of_a_reply_where_it_was(room: Room) -> None:
    anna = room.enter("reader1")
    write(anna, "A question")
    no_entries(anna)
    comment(anna, "A question").locator(".comment-reply").click()
    anna.keyboard.type("Half an ans")
    anna.goto("/")
    anna.go_back()
    form = anna.locator(".comment-item .composer")
    expect(form.locator("#comment-content")).to_have_value("Half an ans")
    expect(form.locator(".composer-to")).to_contain_text("Replying to reader1")


def test_a_draft_of_a_reply_to_a_comment_that_has_left_the_page_still_answers_it(room: Room) -> None:
    room.fill(60)
    anna = room.enter("reader1")
    anna.click(".comments-older a")
    comment(anna, "Comment 13.").locator(".comment-reply").click()
    anna.keyboard.type("Half an ans")
    anna.reload()
    expect(anna.locator(".composer-place #comment-content")).to_have_value("Half an ans")
    expect(anna.locator(".composer-to")).to_contain_text("Replying to Ida")
    anna.locator("#comment-content").press("Control+Enter")
    expect(comment(anna, "Half an ans")).to_contain_text("In reply to an earlier comment")


def test_junk_from_the_server_does_not_stop_the_page(room: Room) -> None:
    ben = room.enter("reader2")
    anna, wire = enter(room, "reader1")
    for junk in ({"type": "message"}, {"type": "presence"}, {"type": "typing", "users": 3}, {"type": 7}, {}):
        wire.tell(junk)
    wire.sockets[-1].send("{not json")
    wire.sockets[-1].send("[null, 1]")
    write(ben, "Still here?")
    expect(comment(anna, "Still here?")).to_be_visible()


def test_a_frame_that_got_lost_is_fetched(room: Room) -> None:
    ben = room.enter("reader2")
    anna, wire = enter(room, "reader1")
    wire.loses = lambda data: ">One</p>" in data
    write(ben, "One")
    write(ben, "Two")
    for text in ("One", "Two"):
        expect(comment(anna, text)).to_have_count(1)


def test_comments_that_were_written_while_the_socket_was_away_are_fetched(room: Room) -> None:
    ben = room.enter("reader2")
    anna, wire = enter(room, "reader1")
    wire.cut()
    for text in ("One", "Two"):
        write(ben, text)
    no_entries(ben)
    wire.mend()
    for text in ("One", "Two"):
        expect(comment(anna, text)).to_have_count(1)


def test_another_epoch_starts_again_from_a_snapshot_in_place(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    write(anna, "One")
    anna.fill("#comment-content", "Half a sent")
    no_entries(anna)
    room.shell("Thread.objects.filter(pk=thread.pk).update(epoch='restored')")
    with anna.expect_response(f"**/api/articles/{room.slug}/comments/?*"):
        wire.tell({"type": "pong", "epoch": "restored", "seq": 1})
    expect(comment(anna, "One")).to_have_count(1)
    expect(anna.locator("#comment-content")).to_have_value("Half a sent")
    expect(anna.locator(".comments")).to_be_attached()


def test_text_survives_the_server(room: Room, live_site: AppServer, new_page: Pages) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    live_site.stop()
    expect(anna.locator(".comments-status")).to_have_text("Reconnecting…")
    write(anna, "Is anybody there?")
    expect(anna.locator(".comment-state")).to_have_text("Will be sent when the connection is back.")
    live_site.start()
    for page in (anna, ben):
        wake(page)
        expect(comment(page, "Is anybody there?")).to_have_count(1)
    no_entries(anna)
