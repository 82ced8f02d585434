"""No text that was typed is ever lost, and none is sent twice."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.page.room import Room, comment, no_entries, write
from tests.page.wire import enter, refuse, wake


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
    expect(anna.locator(".comment-state")).to_have_text("Not sent. No.")
    wire.answer = lambda frame: None
    anna.get_by_role("button", name="Retry").click()
    expect(comment(anna, "Too late?")).to_have_count(1)
    first, second = wire.messages()
    assert first["ref"] == second["ref"]

    wire.answer = refuse("bad_parent", 422)
    write(anna, "An answer to nothing")
    expect(anna.locator(".comment-state")).to_have_text("Not sent. No.")
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
