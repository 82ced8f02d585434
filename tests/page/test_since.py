"""Since the last visit: a line on arrival, marks, the ways through, and marks that follow the account."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.page.room import Room, comment, write
from tests.page.test_conversations import long_conversation
from tests.services.waiting import wait_until

LINE, AT, MARK = ".comments-since p", ".comments-since-at", ".comment-since"


def address(room: Room) -> str:
    return f"{room.site.url}/api/articles/{room.slug}/since/"


def look(page: Page) -> None:
    """Have the comments in the window, until the page knows it."""
    page.locator(".comment").first.scroll_into_view_if_needed()
    page.evaluate(
        "() => new Promise((seen) => new IntersectionObserver((sights) => sights[0].isIntersecting && seen())"
        ".observe(document.querySelector('.comment')))"
    )


def leave(room: Room, page: Page) -> None:
    """Look at the comments, and go; the server hears of it."""
    look(page)
    page.goto("/")
    wait_until(lambda: page.context.request.get(address(room)).json()["from"] is not None, what="the mark")


def test_an_account_is_told_once_what_happened_since_on_whichever_device(room: Room) -> None:
    ids = long_conversation(room, 60, under=40)
    anna = room.enter("reader1")
    write(anna, "From Anna")
    expect(comment(anna, "From Anna")).to_have_attribute("data-status", "visible")
    expect(anna.locator(".comments-since")).to_be_hidden()  # on a first visit nothing is said
    leave(room, anna)
    room.shell(
        "anna = Comment.objects.get(thread=thread, content='From Anna')\n"
        "def say(text, parent):\n"
        "    services.post_comment(author=Author('g1', 'Ida', 'guest'), thread=thread, content=text,\n"
        "        parent=parent and str(parent.pk), ref=uuid.uuid4())\n"
        "say('To Anna', anna); say('News', None)\n"
        f"services.edit_comment(comment=Comment.objects.get(pk={ids[50]}), content='Corrected.')\n"
        "services.hide_comment(comment=Comment.objects.get(thread=thread, content='Newer 3.'))"
    )
    phone = room.enter("reader1", viewport={"width": 390, "height": 700})
    expect(phone.locator(LINE)).to_have_text("Since you left: 2 new, 1 reply to you, 1 edited, 1 removed")
    expect(comment(phone, "News").locator(MARK)).to_have_text("new")
    expect(comment(phone, "To Anna").locator(MARK)).to_have_text("new, to you")
    phone.fill("#comment-content", "no phone yet")  # letters of a text are no commands
    phone.keyboard.press("n")
    expect(phone.locator(AT)).to_be_empty()
    phone.fill("#comment-content", "")
    phone.locator("h1").first.click()
    for key, text, at in (
        ("n", "News", "1 of 3"),
        ("n", "To Anna", "2 of 3"),
        ("n", "Corrected.", "3 of 3"),  # in a part of the thread that was not here
        ("p", "To Anna", "2 of 3"),
    ):
        phone.keyboard.press(key)
        expect(comment(phone, text)).to_be_focused()
        expect(comment(phone, text)).to_be_in_viewport()
        expect(phone.locator(AT)).to_have_text(at)
    phone.click(".comments-since [data-step='1']")
    expect(comment(phone, "Corrected.").locator(MARK)).to_have_text("since you left")
    with phone.expect_response(lambda answer: answer.url.endswith("/read/")):
        phone.click(".comments-since-done")
    expect(phone.locator(".comments-since")).to_be_hidden()
    expect(phone.locator(MARK)).to_have_count(0)
    desktop = room.enter("reader1")
    assert desktop.context.request.get(address(room)).json()["changes"] == []
    expect(desktop.locator(".comments-since")).to_be_hidden()


def test_who_has_no_name_is_told_by_their_browser_and_only_after_a_look(room: Room) -> None:
    room.fill(3)
    guest = room.enter()
    look(guest)
    guest.goto("/")
    room.fill(1)
    guest.goto(room.path)
    expect(guest.locator(LINE)).to_have_text("Since you left: 1 new")
    look(guest)
    guest.goto("/")
    # The numbers begin anew, as after a backup: nobody knows what is new.
    room.shell(
        "services.rotate_epoch(thread=thread)\n"
        "services.post_comment(author=Author('g1', 'Ida', 'guest'), thread=thread, content='Later',"
        " ref=uuid.uuid4())"
    )
    with guest.expect_response(lambda answer: "/since/" in answer.url) as told:
        guest.goto(room.path)
    assert told.value.json()["from"] is None
    expect(guest.locator(".comments-since")).to_be_hidden()
