"""What was typed is neither lost nor sent twice where the server, its backup or the way to it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Route, expect

from tests.page.room import Room, comment, no_entries, write
from tests.page.wire import Wire, enter, refuse_live_updates, wake

if TYPE_CHECKING:
    from tests.services.chromium import Pages
    from tests.services.site import AppServer


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
