"""Nothing moves under the eyes of a reader or a writer, and the list finds its older comments."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.page.room import Room, comment, write


def test_the_bar_stays_in_sight_and_says_how_it_stands_without_moving_anything(room: Room) -> None:
    room.fill(8)
    anna = room.enter("reader1", viewport={"width": 390, "height": 640})
    anna.evaluate(
        "document.querySelector('.comment-list').lastElementChild.scrollIntoView({ block: 'center' })"
    )
    bar = anna.locator(".comments-bar")
    before = bar.bounding_box()
    assert before is not None
    assert (round(before["y"]), before["height"] <= 76) == (0, True)
    anna.context.set_offline(True)
    expect(anna.locator(".comments-status")).to_have_text("Offline")
    expect(anna.locator(".comments-said")).to_have_text("What you missed will be caught up.")
    expect(anna.locator(".comments-announcer")).to_have_text("What you missed will be caught up.")
    assert bar.bounding_box() == before
    for n in range(2):
        room.shell(
            "services.post_comment(author=Author('g1', 'Ida', 'guest'), thread=thread,"
            f" content='Meanwhile {n}', ref=uuid.uuid4())"
        )
    anna.context.set_offline(False)
    expect(anna.locator(".comments-said")).to_have_text("Back, 2 comments caught up")
    expect(anna.locator(".comments-count")).to_have_text("10")
    assert bar.bounding_box() == before


def test_nothing_moves_under_the_readers_eyes(room: Room) -> None:
    room.fill(30)
    anna, ben = room.enter("reader1"), room.enter("reader2")
    line = comment(anna, "Comment 15.")
    line.evaluate("element => element.scrollIntoView({block: 'start'})")
    before = line.evaluate("element => element.getBoundingClientRect().top")
    write(ben, "News from above")
    write(ben, "More news")
    expect(anna.locator(".comments-new")).to_have_text("2 new comments")
    assert abs(line.evaluate("element => element.getBoundingClientRect().top") - before) < 2
    comment(ben, "Comment 20.").locator(".comment-reply").click()
    write(ben, "A reply above")
    expect(anna.locator(".comments-new")).to_have_text("3 new comments")
    assert abs(line.evaluate("element => element.getBoundingClientRect().top") - before) < 2
    room.shell("services.hide_comment(comment=Comment.objects.get(content='News from above'))")
    expect(anna.locator(".comments-new")).to_have_text("2 new comments")
    assert abs(line.evaluate("element => element.getBoundingClientRect().top") - before) < 2
    anna.click(".comments-new")
    expect(comment(anna, "More news")).to_be_in_viewport()
    expect(comment(anna, "More news")).to_be_focused()


def test_nothing_moves_at_the_end_of_the_page_either(room: Room) -> None:
    room.fill(12)
    anna, ben = room.enter("reader1"), room.enter("reader2")
    anna.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    line = comment(anna, "Comment 0.")
    before = line.evaluate("element => element.getBoundingClientRect().top")
    write(ben, "News from above")
    expect(anna.locator(".comments-new")).to_have_text("1 new comment")
    assert abs(line.evaluate("element => element.getBoundingClientRect().top") - before) < 2


def test_the_form_does_not_move_while_somebody_types_in_it(room: Room) -> None:
    room.fill(6)
    anna, ben = room.enter("reader1"), room.enter("reader2")
    comment(anna, "Comment 3.").locator(".comment-reply").click()
    anna.keyboard.type("I think")
    text = anna.locator("#comment-content")
    before = text.evaluate("element => element.getBoundingClientRect().top")
    write(ben, "News from above")
    expect(anna.locator(".comments-new")).to_have_text("1 new comment")
    assert abs(text.evaluate("element => element.getBoundingClientRect().top") - before) < 2
    expect(text).to_be_focused()
    expect(text).to_have_value("I think")


def test_older_comments_come_when_asked_for(room: Room) -> None:
    room.fill(60)
    anna = room.enter("reader1")
    for count in (25, 50):
        expect(anna.locator(".comment-list .comment")).to_have_count(count)
        anna.click(".comments-older a")
    expect(anna.locator(".comment-list .comment")).to_have_count(60)
    expect(anna.locator(".comments-older")).to_be_hidden()
    expect(anna.locator(".comments-new")).to_be_hidden()


def test_the_list_is_bounded_and_finds_back_to_the_newest(room: Room) -> None:
    room.fill(330)
    anna, ben = room.enter("reader1"), room.enter("reader2")
    shown = anna.locator(".comment-list .comment")
    for count in range(25, 300, 25):
        expect(shown).to_have_count(count)
        anna.click(".comments-older a")
    expect(comment(anna, "Comment 30.")).to_be_attached()
    anna.click(".comments-older a")
    expect(comment(anna, "Comment 5.")).to_be_attached()
    anna.click(".comments-older a")
    expect(comment(anna, "Comment 0.")).to_be_attached()
    expect(shown).to_have_count(300)
    expect(comment(anna, "Comment 329.")).to_have_count(0)
    write(ben, "The newest")
    expect(anna.locator(".comments-new")).to_have_text("1 new comment")
    expect(anna.locator(".comments-newest")).to_be_visible()
    anna.click(".comments-new")
    expect(comment(anna, "The newest")).to_be_in_viewport()
    expect(anna.locator(".comments-newest")).to_be_hidden()
    expect(anna.locator(".comments-new")).to_be_hidden()


def test_a_link_to_an_older_comment_finds_it(room: Room) -> None:
    room.fill(60)
    pk = room.shell("print(Comment.objects.filter(thread=thread).order_by('id')[0].pk)").strip()
    anna = room.new_page("reader1")
    anna.goto(f"{room.path}#comment-{pk}")
    expect(anna.locator(f"#comment-{pk}")).to_be_in_viewport()
