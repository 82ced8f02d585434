"""The reader of an open page may become somebody else: nothing is then written or shown as the former one."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.page.room import Room, comment, no_entries, write
from tests.page.wire import enter, refuse
from tests.services.site import DEMO_PASSWORD


def log_in_elsewhere(page: Page, user: str) -> None:
    tab = page.context.new_page()
    tab.goto("/login/")
    tab.fill("[name=username]", user)
    tab.fill("[name=password]", DEMO_PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(lambda url: "/login" not in url)
    tab.close()


def come_back(page: Page) -> None:
    """Send the page the browser's event for a reader who returns to it."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_login_in_another_tab_is_noticed_here_too(room: Room) -> None:
    anna = room.enter()
    anna.fill("#comment-content", "Written before")
    log_in_elsewhere(anna, "reader1")
    come_back(anna)
    expect(anna.locator(".composer-as b")).to_have_text("reader1")
    expect(anna.locator("#comment-content")).to_have_value("Written before")
    anna.click(".composer-send")
    expect(comment(anna, "Written before").locator(".comment-user")).to_have_text("reader1")
    no_entries(anna)


def test_what_is_ones_own_is_so_for_whoever_reads_now(room: Room) -> None:
    room.fill(2)
    room.shell(
        "from comments.reactions import react\nfrom comments.authors import author_of_user\n"
        "ben = author_of_user(User.objects.get(username='reader2'))\n"
        "key = str(thread.comments.get(content__startswith='Comment 0.').pk)\n"
        "react(author=ben, thread=thread, comment_id=key, emoji='👍', on=True)"
    )
    anna = room.enter("reader1")
    write(anna, "Mine")
    comment(anna, "Comment 1.").locator(".reaction-add").click()
    comment(anna, "Comment 1.").locator(".reaction").first.click()
    own = anna.locator(".reaction.is-own")
    expect(comment(anna, "Comment 1.").locator(own)).to_have_count(1)
    anna.context.clear_cookies()
    log_in_elsewhere(anna, "reader2")
    come_back(anna)
    expect(comment(anna, "Comment 0.").locator(own)).to_have_count(1)
    expect(comment(anna, "Comment 1.").locator(own)).to_have_count(0)
    expect(comment(anna, "Mine").locator(".comment-you")).to_be_hidden()


def test_a_reader_who_was_logged_out_can_send_the_comment_after_logging_in_again(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    wire.answer = refuse("login_required", 401)
    write(anna, "Kept for later")
    expect(anna.locator(".comment-state")).to_have_text("Not sent. Please log in to post it.")
    wire.answer = lambda frame: None
    anna.get_by_role("button", name="Retry").click()
    expect(comment(anna, "Kept for later")).to_have_count(1)
    no_entries(anna)
    assert len(wire.sockets) == 2, "the old socket is known as somebody who is logged out"


def test_a_reader_who_is_logged_out_leaves_no_text_behind(room: Room) -> None:
    anna, wire = enter(room, "reader1")
    anna.fill("#comment-content", "Private thoughts")
    anna.context.clear_cookies()
    wire.cut()
    wire.mend()
    anna.evaluate("dispatchEvent(new Event('online'))")
    expect(anna.locator(".composer-name")).to_be_visible()
    anna.reload()
    expect(anna.locator(".comments-status")).to_have_text("Live")
    expect(anna.locator("#comment-content")).to_have_value("")


def test_a_guest_without_cookies_is_told_what_helps(room: Room) -> None:
    guest = room.enter()
    guest.context.clear_cookies()
    guest.focus("#comment-content")
    guest.fill("#comment-name", "Maya")
    write(guest, "Hello")
    expect(guest.locator("#comment-name-error")).to_have_text("Please reload the page. Your text is kept.")
    guest.reload()
    expect(guest.locator("#comment-content")).to_have_value("Hello")
    guest.fill("#comment-name", "Maya")
    guest.click(".composer-send")
    expect(comment(guest, "Hello").locator(".comment-user")).to_have_text("Maya")
