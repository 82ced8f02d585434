"""Conversations in a browser: opened in place, loaded on both sides, linked to, sorted, and come back to."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.page.room import Room, comment, no_entries, write

POST = (
    "def post(text, parent=None):\n"
    "    return services.post_comment(author=Author('g1', 'Ida', 'guest'), thread=thread, content=text,\n"
    "        parent=parent and parent.pk, ref=uuid.uuid4()).comment\n"
)
MIDDLE = "element => element.scrollIntoView({block: 'center', behavior: 'instant'})"
TOP = "element => element.getBoundingClientRect().top"


def long_conversation(room: Room, replies: int, *, under: int = 0) -> list[str]:
    """One conversation of this many replies, and some newer ones; returns the ids, the root's first."""
    ids = room.shell(
        f"{POST}root = post('The root')\n"
        f"ids = [root.pk] + [post(f'Reply {{n}}.', root).pk for n in range({replies})]\n"
        f"for n in range({under}): post(f'Newer {{n}}.')\nprint(*ids)"
    )
    return ids.split()


def replies(page: Page) -> list[str]:
    return page.locator(".comment-replies .comment-text").all_inner_texts()


def test_a_conversation_is_opened_in_place_and_loaded_in_pages(room: Room) -> None:
    long_conversation(room, 60)
    anna = room.enter("reader1")
    assert replies(anna) == ["Reply 0.", "Reply 1.", "Reply 2."]
    more = anna.locator(".comment-more.is-later a")
    expect(more).to_have_text("57 more replies")
    root = comment(anna, "The root")
    root.evaluate(MIDDLE)
    before = root.evaluate(TOP)
    more.focus()
    anna.keyboard.press("Enter")
    expect(more).to_have_text("7 more replies")
    expect(comment(anna, "Reply 3.")).to_be_focused()
    more.click()
    expect(more).to_have_count(0)
    assert replies(anna) == [f"Reply {n}." for n in range(60)]
    root.evaluate(MIDDLE)
    assert abs(root.evaluate(TOP) - before) < 2


def test_what_arrives_beyond_what_is_loaded_is_counted_and_the_own_reply_is_seen(room: Room) -> None:
    long_conversation(room, 10)
    anna, ben = room.enter("reader1"), room.enter("reader2")
    more = anna.locator(".comment-more.is-later a")
    expect(more).to_have_text("7 more replies")
    comment(ben, "The root").locator(".comment-reply").click()
    write(ben, "From Ben")
    expect(more).to_have_text("8 more replies")
    expect(comment(anna, "From Ben")).to_have_count(0)
    expect(ben.locator(".comment-more.is-later a")).to_have_text("7 more replies")
    see = ben.locator(".comments-posted button")
    see.click()
    expect(comment(ben, "From Ben")).to_be_focused()
    expect(comment(ben, "From Ben")).to_be_in_viewport()
    expect(see).to_be_hidden()
    ben.locator(".comment-more.is-later a").click()
    expect(ben.locator(".comment-replies:not(.is-after) .comment")).to_have_count(11)
    expect(ben.locator(".comment-replies.is-after")).to_have_count(0)


def test_a_link_shows_a_comment_in_its_conversation_however_old_it_is(room: Room) -> None:
    root, *ids = long_conversation(room, 60, under=40)
    anna = room.new_page("reader1")
    anna.goto(f"{room.path}#comment-{ids[40]}")
    linked = anna.locator(f"#comment-{ids[40]}")
    expect(linked).to_be_in_viewport()
    marked = anna.locator(".comment.is-marked")
    expect(marked).to_have_attribute("id", f"comment-{ids[40]}")
    earlier = anna.locator(".comment-more.is-earlier a")
    before = linked.evaluate(TOP)
    earlier.evaluate("link => link.click()")  # a click of the mouse would scroll there first
    expect(earlier).to_have_count(0)
    expect(anna.locator(f"#comment-{ids[0]}")).to_be_attached()
    assert abs(linked.evaluate(TOP) - before) < 2
    anna.evaluate(f"location.hash = '#comment-{root}'")
    expect(marked).to_have_attribute("id", f"comment-{root}")
    anna.click(".comments-newest a")
    expect(comment(anna, "Newer 39.")).to_be_focused()
    expect(marked).to_have_count(0)
    assert anna.url.endswith(room.path)


def test_a_link_to_what_is_gone_leads_to_a_sentence(room: Room) -> None:
    ids = long_conversation(room, 3, under=40)
    room.shell(f"services.hide_comment(comment=Comment.objects.get(pk={ids[2]}))")
    anna = room.enter("reader1")
    for fragment, words in (
        (ids[2], "This comment was removed."),
        ("999999999", "There is no such comment in this thread."),
    ):
        anna.evaluate(f"location.hash = '#comment-{fragment}'")
        expect(anna.locator(".comments-permalink")).to_have_text(f"{words} All comments")
    expect(anna.locator(".comments-permalink")).to_be_in_viewport()
    anna.get_by_role("link", name="All comments").click()
    expect(anna.locator(".comments-permalink")).to_be_hidden()


def test_the_order_is_the_readers_choice_and_is_kept(room: Room) -> None:
    room.fill(30)
    anna = room.enter("reader1")
    older = anna.locator(".comments-older a")
    expect(older).to_have_text("Older comments")
    anna.click(".comments-sorts [data-sort=oldest]")
    first = anna.locator(".comment .comment-text").first
    expect(first).to_contain_text("Comment 0.")
    expect(anna.locator(".comments-sorts [aria-current]")).to_have_text("Oldest")
    expect(older).to_have_text("Newer comments")
    anna.context.set_offline(True)
    anna.click(".comments-sorts [data-sort=top]")
    expect(anna.locator(".comments-unloaded")).to_have_text("Can't load it now.")
    anna.context.set_offline(False)
    expect(anna.locator(".comments-status")).to_have_text("Live")
    expect(older).to_have_text("Newer comments")  # nobody waits for the top ones any more
    write(anna, "My own")
    expect(first).to_have_text("My own")
    no_entries(anna)
    anna.click(".comments-older a")
    expect(comment(anna, "Comment 29.")).to_be_attached()
    anna.goto(room.path)
    expect(first).to_contain_text("Comment 0.")
    expect(anna.locator(".comments-sorts [aria-current]")).to_have_text("Oldest")


def test_going_back_leads_to_what_was_loaded_and_to_the_place(room: Room) -> None:
    room.fill(60)
    anna, ben = room.enter("reader1"), room.enter("reader2")
    for text in ("Comment 34.", "Comment 9."):
        anna.click(".comments-older a")
        expect(comment(anna, text)).to_be_attached()
    line = comment(anna, "Comment 15.")
    line.evaluate(MIDDLE)
    before = line.evaluate(TOP)
    anna.goto("/")
    room.shell(
        "services.hide_comment(comment=Comment.objects.get(thread=thread, content__startswith='Comment 14.'))"
    )
    write(ben, "Meanwhile")
    expect(comment(ben, "Meanwhile")).to_be_visible()
    anna.go_back()
    expect(anna.locator(".comments-count")).to_have_text("60")
    expect(anna.locator(".comments-new")).to_have_text("1 new comment")
    expect(comment(anna, "Comment 14.")).to_have_count(0)
    assert abs(line.evaluate(TOP) - before) <= 1
