"""Every page, in its states and both themes, breaks no rule of WCAG 2.2 AA that a program can check.

axe-core judges, of the development lock of npm. What it can't see is below it: widths, and the keyboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.page.room import Room, comment, write
from tests.services.process import ROOT

if TYPE_CHECKING:
    from tests.services.chromium import Pages
    from tests.services.site import AppServer

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
OWN_PAGES = ("edit", "delete", "react")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LONG = "Donaudampfschifffahrtsgesellschaft" * 12
NASTY = "\n".join(
    (
        f"{LONG} and https://example.org/{LONG}",
        "",
        f"> > > {LONG}",
        "",
        "```",
        LONG,
        "```",
        "",
        f"`{LONG}`",
        "",
        *(f"- line {n}" for n in range(20)),
    )
)


def judge(page: Page, state: str) -> None:
    """Fail where the page, as it is now, breaks a rule."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    page.evaluate("scrollTo(0, 0)")  # where nothing happens to stand half behind the bar
    found = page.evaluate(
        "async (tags) => (await axe.run({ runOnly: tags, resultTypes: ['violations'] })).violations", TAGS
    )
    told = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
    assert not told, f"{state}:\n" + "\n".join(told)


@pytest.fixture
def room(live_site: AppServer, new_page: Pages) -> Room:
    room = Room(live_site, new_page)
    room.shell(
        "ida = Author('g1', 'Ida', 'guest')\n"
        "def say(content, parent=None, author=ida):\n"
        "    return services.post_comment(author=author, thread=thread, content=content, ref=uuid.uuid4(),"
        " parent=parent and parent.pk).comment\n"
        f"first = say('A question, and `code`.'); say({NASTY!r}, first)\n"
        "from comments.authors import author_of_user\n"
        "say('An answer', first, author_of_user(User.objects.get(username='admin')))\n"
        "gone = say('Soon gone'); say('Kept', gone); services.hide_comment(comment=gone)"
    )
    return room


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, room: Room) -> Iterator[dict[str, Any]]:
    yield {"color_scheme": request.param, "bypass_csp": True}


def test_every_page_and_state(room: Room, themed: dict[str, Any]) -> None:
    room.shell(
        "from comments.read_marks import mark_read\nfrom comments.authors import author_of_user\n"
        "reader = author_of_user(User.objects.get(username='reader1'))\n"
        "mark_read(author=reader, thread=thread, seq=2)"
    )
    anna = room.enter("reader1", **themed)
    expect(anna.locator(".comments-since")).to_be_visible()
    judge(anna, "an article, and what is new since the last visit")
    anna.click(".people-button")
    judge(anna, "who is here")
    anna.keyboard.press("Escape")
    comment(anna, "A question").locator(".comment-reply").first.click()
    anna.keyboard.insert_text("x" * 4_990)
    judge(anna, "an answer that is nearly too long")
    anna.fill("#comment-content", "")
    anna.evaluate("document.querySelector('.comments-revised').hidden = false")
    judge(anna, "a revision")
    anna.evaluate("document.querySelector('.comments-revised').hidden = true")
    anna.context.set_offline(True)
    expect(anna.locator(".comments-said")).to_have_text("What you missed will be caught up.")
    write(anna, "From the tunnel")
    expect(anna.locator(".is-entry")).to_have_count(1)
    judge(anna, "offline, with a comment that waits")
    anna.context.set_offline(False)
    expect(anna.locator(".is-entry")).to_have_count(0)
    room.shell("services.set_policy(thread=thread, policy='closed')")
    expect(anna.locator(".comments-closed")).to_be_visible()
    judge(anna, "a closed thread")
    for path in ("/", "/tags/letters/", "/nowhere/"):
        anna.goto(path)
        judge(anna, path)
    guest = room.enter(**themed)
    guest.goto("/login/")
    judge(guest, "the login")
    guest.fill("[name=username]", "reader1")
    guest.fill("[name=password]", "wrong")
    guest.press("[name=password]", "Enter")
    expect(guest.locator(".field-error, .notice-bad").first).to_be_visible()
    judge(guest, "a login that failed")


def test_every_state_of_ones_own_comments(room: Room, themed: dict[str, Any]) -> None:
    anna = room.enter("reader1", **themed)
    write(anna, "My own words")
    mine = anna.locator(".comment[data-id]").filter(has_text="My own words")
    mine.locator(".reaction-add").click()
    mine.locator(".reaction").first.click()
    expect(mine.locator(".reaction.is-own")).to_have_count(1)
    judge(anna, "reactions")
    mine.locator(".comment-menu-button").click()
    judge(anna, "a menu")
    anna.get_by_role("menuitem", name="Edit").click()
    expect(mine.locator(".comment-editor textarea")).to_be_focused()
    room.shell(
        "services.edit_comment(comment=thread.comments.get(content='My own words'), content='Other words')"
    )
    expect(anna.locator(".editor-conflict")).to_be_visible()
    judge(anna, "an edit of what was changed meanwhile")
    anna.click(".editor-theirs")
    key = anna.locator(".comment[data-id]").filter(has_text="Other words").get_attribute("data-id")
    mine = anna.locator(f"#comment-{key}")
    mine.locator(".comment-menu-button").click()
    anna.get_by_role("menuitem", name="Former texts").click()
    expect(anna.locator(".comment-former")).to_be_visible()
    judge(anna, "former texts")
    comment(anna, "A question").locator(".comment-menu-button").first.click()
    anna.get_by_role("menuitem", name="Ignore this person").click()
    expect(anna.locator(".comment-ignored").first).to_be_visible()
    judge(anna, "people who are ignored")
    mine.locator(".comment-menu-button").click()
    anna.get_by_role("menuitem", name="Delete").click()
    expect(anna.locator(".comment-deleted")).to_be_visible()
    judge(anna, "a deletion that may be taken back")
    anna.get_by_role("button", name="Undo").click()
    expect(mine).to_be_visible()
    for page in OWN_PAGES:
        anna.goto(f"{room.path}comments/{key}/{page}/")
        judge(anna, page)


def test_without_scripts_and_where_a_comment_was_refused(room: Room, themed: dict[str, Any]) -> None:
    # The judge is a script itself: it runs in a page whose own scripts never come.
    guest = room.new_page(**themed)
    guest.route("**/*.js", lambda route: route.abort())
    guest.goto(room.path)
    judge(guest, "an article without its script")
    guest.fill("#comment-content", "Hm")
    guest.fill("#comment-name", "reader1")
    judge(guest, "its form, without its script")
    guest.click(".composer-send")
    expect(guest.locator("#refusal-title")).to_be_visible()
    judge(guest, "a comment that was refused")


def test_nothing_is_wider_than_a_narrow_window_whatever_was_written(room: Room) -> None:
    room.shell(f"thread.comments.update(author_name={LONG[:60]!r})")
    for size in ({"width": 320, "height": 256}, {"width": 320, "height": 640}):  # the first is 400 % zoom
        page = room.enter("reader1", viewport=size)
        for path in (room.path, "/", "/login/"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (path, size)


def test_a_long_comment_is_folded_and_opened_by_keyboard(room: Room) -> None:
    anna = room.enter("reader1")
    text = comment(anna, "line 19").locator(".comment-text")
    folded = text.evaluate("(text) => text.offsetHeight")
    assert folded <= 300
    more = anna.get_by_role("button", name="Read more")
    more.focus()
    anna.keyboard.press("Enter")
    assert text.evaluate("(text) => text.offsetHeight") > folded
    expect(more).to_be_hidden()
    expect(comment(anna, "line 19")).to_be_focused()
    anna.emulate_media(media="print")
    assert text.evaluate("(text) => text.scrollHeight <= text.offsetHeight + 1")
    anna.reload()
    expect(anna.locator(".comments-status")).to_have_text("Live")
    anna.emulate_media(media="print")
    assert text.evaluate("(text) => text.scrollHeight <= text.offsetHeight + 1")


def test_everything_in_the_bar_and_the_list_is_reached_by_keyboard_and_never_behind_the_bar(
    room: Room,
) -> None:
    room.fill(12)
    anna = room.enter("reader1", viewport={"width": 390, "height": 500})
    anna.focus(".people-button")
    seen = []
    for _ in range(40):
        anna.keyboard.press("Tab")
        seen.append(
            anna.evaluate(
                """() => {
                    const focused = document.activeElement;
                    if (!focused.closest(".comments")) return null;
                    const { top, bottom } = focused.getBoundingClientRect();
                    const bar = document.querySelector(".comments-bar");
                    const edge = bar.contains(focused) ? 0 : bar.getBoundingClientRect().bottom;
                    const shown = top >= edge - 1 && bottom <= innerHeight + 1;
                    return { name: focused.className, html: focused.outerHTML.slice(0, 80), shown };
                }"""
            )
        )
    names = {one["name"] for one in seen if one}
    assert {"comment-reply", "comment-when"} <= names
    assert [one for one in seen if one and not one["shown"]] == []
