"""The comments section in real browsers, on a real server: what one reader does, the other sees."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.page.room import Room, comment, no_entries, only_hears, write

TYPING_EXPIRES = 6.0  # s, of docs/protocol.md


def test_what_one_writes_the_other_sees(room: Room) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    only_hears(anna, ben)
    anna.fill("#comment-content", "Good *morning*.")
    anna.click(".composer-send")
    for page in (anna, ben):
        expect(comment(page, "Good morning.").locator("em")).to_have_text("morning")
        expect(page.locator(".comments-count")).to_have_text("1")
    no_entries(anna)
    expect(anna.locator("#comment-content")).to_have_value("")
    expect(ben.locator(".comments-empty")).to_be_hidden()


def test_control_enter_posts_and_enter_makes_a_line(room: Room) -> None:
    anna = room.enter("reader1")
    anna.focus("#comment-content")
    anna.keyboard.type("One")
    anna.keyboard.press("Enter")
    anna.keyboard.type("Two")
    expect(anna.locator("#comment-content")).to_have_value("One\nTwo")
    anna.keyboard.press("Control+Enter")
    expect(comment(anna, "One")).to_contain_text("Two")


def test_replies_stand_beneath_what_they_answer(room: Room) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    write(anna, "A question")
    comment(ben, "A question").locator(".comment-reply").click()
    expect(ben.locator(".composer-to")).to_contain_text("Replying to reader1")
    expect(ben.locator("#comment-content")).to_be_focused()
    write(ben, "An answer")
    expect(anna.locator(".comment-replies .comment-text")).to_have_text("An answer")
    expect(ben.locator(".composer-place .composer")).to_be_visible()
    comment(anna, "An answer").locator(".comment-reply").click()
    write(anna, "Thanks")
    expect(ben.locator(".comment-replies .comment-text")).to_have_text(["An answer", "Thanks"])
    expect(ben.locator(".comment-replies .comment-replies .comment-text")).to_have_text("Thanks")
    comment(ben, "Thanks").locator(".comment-reply").click()
    write(ben, "You are welcome")
    quote = comment(anna, "You are welcome").locator(".comment-quote a")
    expect(quote).to_have_text("reader1 Thanks")
    quote.click()
    expect(comment(anna, "Thanks")).to_be_focused()


def test_escape_leaves_the_reply_whose_text_waits_for_it(room: Room) -> None:
    anna = room.enter("reader1")
    write(anna, "A question")
    comment(anna, "A question").locator(".comment-reply").click()
    anna.keyboard.type("Half an ans")
    anna.keyboard.press("Escape")
    expect(anna.locator(".composer-place #comment-content")).to_have_value("")
    expect(comment(anna, "A question").locator(".comment-reply")).to_be_focused()
    anna.keyboard.press("Enter")
    expect(anna.locator(".comment-item #comment-content")).to_have_value("Half an ans")


def test_the_page_built_live_equals_the_page_served(room: Room) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    write(anna, "A question")
    steps = [("An answer", "A question"), ("Thanks", "An answer"), ("Not at all", "Thanks")]
    for text, parent in steps:
        comment(ben, parent).locator(".comment-reply").click()
        write(ben, text)
        expect(comment(anna, text)).to_be_visible()
    no_entries(ben)
    room.shell(
        "c = Comment.objects.get(thread=thread, content='An answer')\n"
        "services.edit_comment(comment=c, content='An answer, edited')"
    )
    expect(comment(anna, "An answer, edited")).to_be_visible()
    outline = """list => [...list.querySelectorAll("*:not(.comment-typing)")].map(element => [
        element.tagName, element.id, element.className.replace(/ ?is-(new|seen)/g, ""),
        element.getAttribute("href"), element.getAttribute("aria-labelledby"), element.dataset.id,
        element.dataset.root, element.dataset.parent, element.dataset.replyCount, element.dataset.version,
        element.hidden,
        element.children.length ? "" : element.textContent.trim()])"""
    live = anna.locator(".comment-list").evaluate(outline)
    anna.reload()
    expect(anna.locator(".comments-status")).to_have_text("Live")
    assert anna.locator(".comment-list").evaluate(outline) == live
    assert len(live) > 20


def test_an_edited_comment_has_its_new_text_at_once_and_says_that_it_was_edited(room: Room) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    only_hears(anna, ben)
    write(anna, "A good qestion")
    expect(comment(ben, "A good qestion").locator(".comment-edited")).to_have_count(0)
    comment(ben, "A good qestion").locator(".comment-reply").click()
    write(ben, "An answer")
    expect(comment(anna, "An answer")).to_be_visible()
    room.shell(
        "c = Comment.objects.get(thread=thread, parent=None)\n"
        "services.edit_comment(comment=c, content='A good *question*')"
    )
    for page in (anna, ben):
        edited = comment(page, "A good question").locator(".comment-edited")
        expect(edited).to_have_text("edited by a moderator")
        expect(comment(page, "A good question").locator("em")).to_have_text("question")
        expect(page.locator(".comment[data-id] .comment-text")).to_have_text(["A good question", "An answer"])
        expect(page.locator(".comment-edited")).to_have_count(1)
    no_entries(anna)
    anna.reload()
    expect(anna.locator(".comments-status")).to_have_text("Live")
    expect(comment(anna, "A good question").locator(".comment-edited")).to_have_text("edited by a moderator")


def test_a_page_view_has_an_id_of_its_own_which_a_reload_keeps(room: Room) -> None:
    other = Room(room.site, room.new_page)
    anna = room.new_page("reader1")
    readers: list[str] = []
    anna.on("websocket", lambda socket: readers.append(parse_qs(urlsplit(socket.url).query)["reader"][0]))
    for load in (lambda: anna.goto(room.path), anna.reload, lambda: anna.goto(other.path), anna.reload):
        load()
        expect(anna.locator(".comments-status")).to_have_text("Live")
    assert len(readers) == 4
    assert readers[0] == readers[1] != readers[2] == readers[3]


def test_readers_and_typing_are_shown(room: Room) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    room.enter()
    expect(anna.locator(".people-button")).to_have_text("3 reading")
    anna.click(".people-button")
    expect(anna.locator(".people-button")).to_have_attribute("aria-expanded", "true")
    expect(anna.locator(".people-list li")).to_have_count(3)
    expect(anna.locator(".people-list li")).to_have_text(
        ["Rreader1you", "Rreader2", "1 reader without a name"]
    )
    anna.keyboard.press("Escape")
    expect(anna.locator(".people-list")).to_be_hidden()
    expect(anna.locator(".people-button")).to_be_focused()
    assert any(stops_before_it_expires(ben, anna) for _ in range(3))
    ben.close()
    expect(anna.locator(".people-button")).to_have_text("2 reading")


def stops_before_it_expires(writer: Page, reader: Page) -> bool:
    """Type and stop; returns whether the stop showed sooner than typing expires by itself."""
    begun = time.monotonic()
    writer.locator("#comment-content").press_sequentially("Hm")
    expect(reader.locator(".comments-typing")).to_have_text("reader2 is typing…")
    expect(writer.locator(".comments-typing")).to_have_text("")
    writer.fill("#comment-content", "")
    expect(reader.locator(".comments-typing")).to_have_text("")
    return time.monotonic() - begun < TYPING_EXPIRES


def test_a_reader_who_wants_it_is_counted_without_a_name_and_types_unseen(room: Room) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    write(anna, "A question")
    menu = comment(anna, "A question").locator(".comment-menu-button")
    before = menu.bounding_box()
    comment(ben, "A question").locator(".comment-reply").click()
    ben.keyboard.type("Hm")
    expect(comment(anna, "A question").locator(".comment-typing")).to_have_text("reader2 is typing…")
    assert menu.bounding_box() == before  # the line has room of its own
    expect(anna.locator(".comments-typing")).to_have_text("reader2 is typing…")
    ben.click(".people-button")
    ben.get_by_label("Show others my name").uncheck()
    expect(anna.locator(".comments-typing")).to_have_text("")
    expect(comment(anna, "A question").locator(".comment-typing")).to_have_count(0)
    anna.click(".people-button")
    expect(anna.locator(".people-list li")).to_have_text(["Rreader1you", "1 reader without a name"])
    ben.reload()  # it is kept
    expect(ben.locator(".comments-status")).to_have_text("Live")
    write(ben, "Unseen")
    expect(comment(anna, "Unseen")).to_have_count(1)
    expect(anna.locator(".people-list li")).to_have_text(["Rreader1you", "1 reader without a name"])
    ben.click(".people-button")
    ben.get_by_label("Show others my name").check()
    expect(anna.locator(".people-list li")).to_have_text(["Rreader1you", "Rreader2"])


def test_a_revised_article_is_shown_in_place(room: Room) -> None:
    paragraphs = [f"Paragraph {n}. " + "It has a few lines. " * 30 for n in range(12)]
    room.shell(f"article.body = {chr(10).join(p + chr(10) for p in paragraphs)!r}; article.save()")
    anna, ben = room.enter("reader1"), room.enter("reader2")
    read = anna.locator(".prose p").filter(has_text="Paragraph 6.")
    read.evaluate("(line) => line.scrollIntoView({ block: 'center' })")
    before = read.bounding_box()
    ben.evaluate("document.querySelector('.composer').scrollIntoView({ block: 'center' })")
    form = ben.locator(".composer").bounding_box()
    revised = [f"New {n}. " + "And it is long. " * 90 for n in range(3)] + paragraphs
    room.shell(
        "from blog.services import save_article\n"
        f"article.body = {chr(10).join(p + chr(10) for p in revised)!r}; article.title = 'Revised'\n"
        "save_article(article=article)"
    )
    for page in (anna, ben):
        expect(page.locator(".comments-revised")).to_contain_text("This article was revised.")
        expect(page.locator(".comments-announcer")).to_have_text("This article was revised.")
        page.get_by_text("Show the new text").click()
        expect(page.locator(".comments-revised")).to_be_hidden()
        expect(page.locator(".article h1")).to_have_text("Revised")
        expect(page.locator(".byline")).to_contain_text("Revised")
    assert before is not None and form is not None
    after, form_after = read.bounding_box(), ben.locator(".composer").bounding_box()
    assert after is not None and abs(after["y"] - before["y"]) <= 1
    assert form_after is not None and abs(form_after["y"] - form["y"]) <= 1


def test_a_guest_gives_a_name_and_writes(room: Room) -> None:
    anna, guest = room.enter("reader1"), room.enter()
    write(guest, "From the train")
    expect(guest.locator("#comment-name-error")).to_have_text("Please give a name.")
    expect(guest.locator("#comment-content")).to_have_value("From the train")
    guest.fill("#comment-name", "reader7")
    guest.click(".composer-send")
    expect(guest.locator("#comment-name-error")).to_contain_text("Please choose another")
    guest.fill("#comment-name", "Maya")
    guest.click(".composer-send")
    expect(comment(anna, "From the train").locator(".comment-user")).to_have_text("Maya")
    no_entries(guest)
    expect(guest.locator(".composer-as")).to_contain_text("Maya")
    expect(guest.locator(".comments-status")).to_have_text("Live")
    guest.click(".composer-rename")
    guest.fill("#comment-name", "Maya B.")
    write(guest, "Still me")
    expect(comment(anna, "Still me").locator(".comment-user")).to_have_text("Maya B.")


def test_what_is_hidden_vanishes_and_leaves_a_tombstone_only_under_replies(room: Room) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    only_hears(anna, ben)
    write(anna, "Gone for good")
    write(anna, "Answered")
    comment(anna, "Answered").locator(".comment-reply").click()
    write(anna, "The answer")
    expect(comment(ben, "The answer")).to_be_visible()
    room.shell(
        "for c in Comment.objects.filter(thread=thread, parent=None):\n    services.hide_comment(comment=c)"
    )
    for page in (anna, ben):
        expect(comment(page, "Gone for good")).to_have_count(0)
        expect(comment(page, "Answered")).to_have_count(0)
        expect(page.locator(".comment-gone")).to_have_text(["This comment was removed."])
        expect(page.locator(".comment-replies .comment-text")).to_have_text("The answer")
        expect(page.locator(".comments-count")).to_have_text("1")


def test_a_closed_thread_takes_the_form_away_but_not_what_was_typed(room: Room) -> None:
    anna = room.enter("reader1")
    only_hears(anna)
    write(anna, "Before")
    no_entries(anna)  # it is stored: what is still on its way when the thread is closed is refused
    anna.fill("#comment-content", "In the middle of a")
    room.shell("services.set_policy(thread=thread, policy='closed')")
    expect(anna.locator(".comments-closed")).to_be_visible()
    expect(anna.locator(".composer-note")).to_have_text("Comments were closed. Your text is kept here.")
    expect(anna.locator("#comment-content")).to_have_value("In the middle of a")
    for action in (".comment-reply", ".reaction-add"):
        expect(anna.locator(action)).to_be_hidden()
    anna.reload()
    expect(anna.locator("#comment-content")).to_be_visible()
    expect(anna.locator("#comment-content")).to_have_value("In the middle of a")
    expect(anna.locator(".reaction-add")).to_be_hidden()
    room.shell("services.set_policy(thread=thread, policy='open')")
    expect(anna.locator("#comment-content")).to_have_value("In the middle of a")
    expect(anna.locator(".comments-closed")).to_be_hidden()
    expect(anna.locator(".reaction-add")).to_be_visible()
    anna.fill("#comment-content", "")
    room.shell("services.set_policy(thread=thread, policy='closed')")
    expect(anna.locator(".composer")).to_be_hidden()


def test_what_people_write_is_inert(room: Room) -> None:
    anna, ben = room.enter("reader1"), room.enter("reader2")
    owned = "document.title='owned'"
    write(anna, f'<img src=x onerror="{owned}"><script>{owned}</script>\n\n[x](javascript:alert)')
    expect(comment(ben, "onerror")).to_be_visible()
    no_entries(anna)
    for page in (anna, ben):
        for active in ("img", "script", "[onerror]", "a[href^='javascript']"):
            expect(page.locator(f".comment-list {active}")).to_have_count(0)
        expect(page).not_to_have_title("owned")
