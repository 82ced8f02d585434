"""News, older comments and the focus keep the reader's place, whatever happens around them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.page.room import Room, comment, no_entries, write
from tests.page.wire import enter


def reply(page: Page, to: str, text: str) -> None:
    comment(page, to).locator(".comment-reply").click()
    write(page, text)
    no_entries(page)


def test_a_comment_that_is_removed_or_loses_its_parent_is_counted_right(room: Room) -> None:
    room.fill(30)
    anna, ben = room.enter("reader1"), room.enter("reader2")
    comment(anna, "Comment 10.").evaluate("element => element.scrollIntoView({block: 'start'})")
    reply(ben, "Comment 25.", "An answer")
    reply(ben, "An answer", "More of it")
    expect(anna.locator(".comments-new")).to_have_text("2 new comments")
    room.shell("services.hide_comment(comment=Comment.objects.get(content='An answer'))")
    expect(anna.locator(".comments-new")).to_have_text("1 new comment")
    anna.click(".comments-new")
    expect(comment(anna, "More of it")).to_be_in_viewport()
    expect(anna.locator(".comment-gone")).to_have_count(1)
    expect(anna.locator(".comments-new")).to_be_hidden()


def test_a_role_stays_when_the_parent_changes(room: Room) -> None:
    room.shell(
        "from comments.authors import author_of_user\n"
        "def post(text, user, parent=None): return services.post_comment(\n"
        "    author=author_of_user(User.objects.get(username=user)), thread=thread, content=text,\n"
        "    ref=uuid.uuid4(), parent=parent and parent.pk).comment\n"
        "question = post('A question', 'reader2', post('A reply', 'reader2', post('On top', 'reader2')))\n"
        "post('The answer', 'admin', question)"
    )
    anna = room.enter("reader1")
    quote = comment(anna, "The answer").locator(".comment-quote")
    expect(quote).to_have_text("reader2 A question")
    room.shell("services.hide_comment(comment=Comment.objects.get(content='A question'))")
    expect(quote).to_have_text("A removed comment")
    expect(comment(anna, "The answer").locator(".comment-role")).to_have_text("Author")


def test_a_page_that_gets_no_frames_to_draw_in_keeps_up(room: Room) -> None:
    ben, anna = room.enter("reader2"), room.new_page("reader1")
    anna.add_init_script("window.requestAnimationFrame = () => 0")
    anna.goto(room.path)
    write(ben, "Are you still there?")
    expect(comment(anna, "Are you still there?")).to_have_count(1)


def test_older_comments_that_do_not_come_can_be_asked_for_again(room: Room) -> None:
    room.fill(60)
    anna = room.enter("reader1")
    older = anna.locator(".comments-older a")
    anna.route("**/comments/?*", lambda route: route.abort())
    older.click()
    expect(older).to_have_text("Comments could not be loaded. Try again")
    anna.unroute("**/comments/?*")
    older.focus()
    anna.keyboard.press("Enter")
    expect(anna.locator(".comment-list .comment")).to_have_count(50)
    expect(comment(anna, "Comment 34.")).to_be_focused()


def test_the_newest_are_no_news_to_a_reader_who_asked_for_them(room: Room) -> None:
    room.fill(60)
    anna = room.enter("reader1")
    address = anna.locator(".comments-older a").get_attribute("href")
    anna.goto(room.path + str(address))
    expect(anna.locator(".comments-status")).to_have_text("Live")
    expect(anna.locator(".comment-list .comment")).to_have_count(25)
    anna.click(".comments-newest a")
    expect(comment(anna, "Comment 59.")).to_be_focused()
    expect(anna.locator(".comment.is-new")).to_have_count(0)
    expect(anna.locator(".comments-new")).to_be_hidden()


def test_an_own_comment_shows_where_the_newest_were_not(room: Room) -> None:
    room.fill(60)
    anna = room.enter("reader1")
    address = anna.locator(".comments-older a").get_attribute("href")
    anna.goto(room.path + str(address))
    expect(anna.locator(".comments-status")).to_have_text("Live")
    write(anna, "From down here")
    expect(comment(anna, "From down here")).to_be_in_viewport()
    no_entries(anna)
    expect(anna.locator(".comments-new")).to_be_hidden()


def test_the_focus_stays_in_the_text_when_its_form_must_move(room: Room) -> None:
    anna = room.enter("reader1")
    write(anna, "A question")
    comment(anna, "A question").locator(".comment-reply").click()
    anna.keyboard.type("Half an ")
    room.shell("services.hide_comment(comment=Comment.objects.get(thread=thread))")
    expect(anna.locator("#comment-error")).to_contain_text("was removed")
    anna.keyboard.type("answer")
    expect(anna.locator(".composer-place #comment-content")).to_have_value("Half an answer")


def test_the_focus_moves_on_when_the_comment_that_had_it_is_removed(room: Room) -> None:
    anna = room.enter("reader1")
    for text in ("One", "Two"):
        write(anna, text)
        no_entries(anna)
    comment(anna, "Two").locator(".comment-reply").focus()
    room.shell("services.hide_comment(comment=Comment.objects.get(thread=thread, content='Two'))")
    expect(comment(anna, "One")).to_be_focused()


def test_after_a_moment_without_a_socket_nobody_is_shown_as_typing_who_is_not(room: Room) -> None:
    ben = room.enter("reader2")
    anna, wire = enter(room, "reader1")
    ben.locator("#comment-content").press_sequentially("Hm")
    expect(anna.locator(".comments-typing")).to_have_text("reader2 is typing…")
    wire.loses = lambda data: '"typing"' in data  # the server sends it once, to the socket that was lost
    ben.fill("#comment-content", "")
    with anna.expect_websocket():
        wire.cut()
        wire.mend()
        anna.evaluate("dispatchEvent(new Event('online'))")
    expect(anna.locator(".comments-typing")).to_have_text("")


def test_one_tab_too_many_is_served_without_a_socket(room: Room) -> None:
    ben = room.enter("reader2")
    anna, wire = enter(room, "reader1")
    with anna.expect_request("**/events/*"):
        wire.tell({"type": "bye", "code": 4504, "reason": "x", "reconnect": False, "retry_after": None})
        wire.sockets[-1].close(code=4504)
    expect(anna.locator(".comments-status")).to_have_text("Live")
    write(ben, "Can you hear me?")
    expect(comment(anna, "Can you hear me?")).to_have_count(1)
    write(anna, "Yes")
    expect(comment(ben, "Yes")).to_have_count(1)


def test_a_server_that_sends_the_page_away_says_why(room: Room) -> None:
    for code, words in (
        (4503, "This page is no longer here."),
        (4505, "This account was switched off."),
    ):
        anna, wire = enter(room, "reader1")
        wire.tell({"type": "bye", "code": code, "reason": "x", "reconnect": False, "retry_after": None})
        wire.sockets[-1].close(code=code)
        expect(anna.locator(".comments-said")).to_have_text(words)
