"""Journeys of somebody who writes: over the login, in two tabs, through a preview, to people by name."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.page.room import Room, comment, no_entries, write
from tests.page.wire import Wire, refuse
from tests.services.site import DEMO_PASSWORD


def log_in(page: Page, user: str = "reader1") -> None:
    page.fill("[name=username]", user)
    page.fill("[name=password]", DEMO_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def text_of(page: Page, place: str = ".composer-place") -> Locator:
    return page.locator(f"{place} #comment-content")


def test_what_a_visitor_typed_is_there_after_the_login_and_the_page_at_the_form(room: Room) -> None:
    room.fill(8)
    anna = room.enter(viewport={"width": 390, "height": 700})
    other = anna.context.new_page()
    other.goto(room.path)
    other.fill("#comment-content", "In another tab")
    comment(anna, "Comment 2.").locator(".comment-reply").click()
    anna.keyboard.type("Half an answer")
    anna.click(".composer-login")
    expect(anna).to_have_url(re.compile(r"/login/\?next=/articles/[\w-]+/%23comment-form$"))
    log_in(anna)
    reply = text_of(anna, ".comment-item")
    expect(reply).to_have_value("Half an answer")
    expect(reply).to_be_focused()
    expect(reply).to_be_in_viewport()
    expect(anna.locator(".composer-to")).to_contain_text("Replying to Ida")
    # The tab that stayed has its own words, and learns who writes.
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.locator(".composer-as b")).to_have_text("reader1")
    expect(text_of(other)).to_have_value("In another tab")
    other.reload()
    expect(text_of(other)).to_have_value("In another tab")
    anna.keyboard.press("Control+Enter")
    expect(comment(anna, "Half an answer").locator(".comment-user")).to_have_text("reader1")
    no_entries(anna)

    # After a logout the member's words are out of sight; they are there after the next login, from any link.
    anna.fill("#comment-content", "Half a sent")
    anna.get_by_role("button", name="Log out").click()
    anna.goto(room.path)
    expect(anna.locator(".comments-status")).to_have_text("Live")
    expect(text_of(anna)).to_have_value("")
    anna.get_by_role("navigation").get_by_role("link", name="Log in").click()
    log_in(anna)
    expect(text_of(anna)).to_have_value("Half a sent")


def test_a_crashed_or_closed_tab_leaves_its_draft_to_the_next_one(room: Room) -> None:
    anna = room.enter("reader1")
    anna.fill("#comment-content", "Half a sent")
    tab = anna.context.new_page()
    tab.goto(room.path)
    expect(tab.locator(".comments-status")).to_have_text("Live")
    expect(text_of(tab)).to_have_value("")
    anna.close()
    tab.reload()
    expect(text_of(tab)).to_have_value("Half a sent")
    write(tab, "A whole sentence")
    expect(comment(tab, "A whole sentence")).to_have_count(1)
    tab.reload()
    expect(tab.locator(".comments-status")).to_have_text("Live")
    expect(text_of(tab)).to_have_value("")


def test_the_composer_previews_names_people_and_says_what_changed(room: Room) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    write(ben, "A question")
    expect(anna.locator(".composer-send")).to_be_hidden()
    comment(anna, "A question").locator(".comment-reply").click()
    anna.keyboard.type("So *very* true, @RE")
    people = anna.get_by_role("listbox", name="People here")
    expect(people.get_by_role("option")).to_have_text(["reader2"])
    anna.keyboard.press("Tab")
    expect(text_of(anna, ".comment-item")).to_have_value("So *very* true, @reader2 ")
    expect(text_of(anna, ".comment-item")).to_be_focused()

    anna.get_by_role("button", name="Preview").click()
    preview = anna.get_by_role("region", name="Preview")
    expect(preview.locator("em")).to_have_text("very")
    room.shell(
        "services.edit_comment(comment=Comment.objects.get(thread=thread, parent=None), content='Another')"
    )
    expect(anna.locator(".composer-note")).to_contain_text("The comment you are answering was changed.")
    anna.keyboard.press("Control+Enter")
    expect(comment(ben, "So very true, @reader2").locator("em")).to_have_text("very")
    expect(anna.locator(".composer-note")).to_be_hidden()
    expect(preview).to_be_hidden()
    no_entries(anna)


def test_what_a_guest_wrote_and_never_sent_is_there_after_the_login(room: Room) -> None:
    guest = room.enter()
    guest.fill("#comment-content", "As a guest")
    guest.fill("#comment-name", "Maya")
    guest.keyboard.press("Enter")
    expect(comment(guest, "As a guest").locator(".comment-user")).to_have_text("Maya")
    wire = Wire(guest)
    guest.reload()
    wire.answer = refuse("closed", 403)
    write(guest, "Not sent as a guest")
    expect(guest.locator(".comment-state")).to_have_text("Not sent. No.")
    guest.fill("#comment-content", "Half a sent")
    guest.click(".composer-login")
    log_in(guest)
    expect(text_of(guest)).to_have_value("Half a sent")
    expect(guest.locator(".comment-state")).to_have_text("Not sent. It was written under another name.")
    guest.get_by_role("button", name="Edit").click()
    expect(text_of(guest)).to_have_value("Half a sent\n\nNot sent as a guest")
    no_entries(guest)


def test_a_draft_beneath_a_comment_is_marked_there_while_the_form_is_elsewhere(room: Room) -> None:
    room.fill(2)
    anna = room.enter("reader1")
    reply = comment(anna, "Comment 0.").locator(".comment-reply")
    reply.click()
    anna.keyboard.type("Half an answer")
    expect(reply).not_to_contain_text("draft")
    anna.get_by_role("button", name="Write a comment").click()
    expect(reply).to_contain_text("· draft")
    anna.keyboard.type("For all")
    anna.reload()
    expect(text_of(anna)).to_have_value("For all")
    expect(reply).to_contain_text("· draft")
    reply.click()
    expect(text_of(anna, ".comment-item")).to_have_value("Half an answer")
    expect(reply).not_to_contain_text("draft")


def test_pressed_twice_it_is_posted_once_and_nothing_more_is_said(room: Room) -> None:
    anna = room.enter()
    anna.fill("#comment-content", "Once")
    anna.fill("#comment-name", "Maya")
    anna.dblclick(".composer-send")
    expect(comment(anna, "Once")).to_have_count(1)
    no_entries(anna)
    for error in ("#comment-error", "#comment-name-error"):
        expect(anna.locator(error)).to_be_hidden()
    anna.fill("#comment-content", "Twice")
    anna.dblclick(".composer-send")
    expect(comment(anna, "Twice")).to_have_count(1)
    expect(anna.locator("#comment-error")).to_be_hidden()


def test_without_javascript_the_words_go_over_a_preview_and_the_login_and_back_posts_once(room: Room) -> None:
    anna = room.enter(java_script_enabled=False)
    anna.fill("#comment-content", "So *very* true")
    anna.get_by_role("button", name="Preview").click()
    expect(anna.locator(".composer-preview em")).to_have_text("very")
    anna.get_by_role("button", name="Log in").click()
    log_in(anna)
    expect(anna).to_have_url(re.compile(r"#comment-form$"))
    expect(text_of(anna)).to_have_value("So *very* true")
    anna.get_by_role("button", name="Post").click()
    expect(comment(anna, "So very true")).to_have_count(1)
    anna.go_back()
    anna.fill("#comment-content", "So *very* true")
    anna.get_by_role("button", name="Post").click()
    expect(comment(anna, "So very true")).to_have_count(1)
