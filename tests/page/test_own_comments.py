"""What people do with comments that exist, in a real browser: their menu, edits, deletions, reactions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.services.chromium import Pages

PATH = "/articles/slow-mail/"
UP = "👍"


def comment(page: Page, text: str) -> Locator:
    return page.locator(".comment[data-id]").filter(has=page.locator(".comment-text", has_text=text))


def by_id(page: Page, comment_id: str) -> Locator:
    return page.locator(f"#comment-{comment_id}")


def write(page: Page, text: str) -> str:
    """Post a comment; returns its id."""
    page.fill("#comment-content", text)
    page.keyboard.press("Control+Enter")
    return comment(page, text).get_attribute("data-id") or ""


def opened(pages: Pages, user: str | None) -> Page:
    page = pages(user)
    page.goto(PATH)
    expect(page.locator(".comments-status")).to_have_text("Live")
    return page


def choose(article: Locator, name: str) -> None:
    """Choose something from a comment's menu."""
    article.locator(".comment-menu-button").click()
    article.page.get_by_role("menuitem", name=name).click()


def test_the_menu_is_for_the_keyboard_too(new_page: Pages) -> None:
    page = opened(new_page, "reader1")
    mine = by_id(page, write(page, "A menu for everybody."))
    button = mine.locator(".comment-menu-button")
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.get_by_role("menu")).to_have_count(0)
    button.click()
    page.mouse.click(5, 5)
    expect(page.get_by_role("menu")).to_have_count(0)


def test_an_edit_shows_on_every_page_and_loses_nothing(new_page: Pages) -> None:
    mine, theirs = opened(new_page, "reader1"), opened(new_page, None)
    key = write(mine, "Befor the edit.")
    article, seen = by_id(mine, key), by_id(theirs, key)
    expect(seen).to_be_visible()

    choose(article, "Edit")
    field = article.locator(".comment-editor textarea")
    expect(field).to_be_focused()
    expect(field).to_have_value("Befor the edit.")
    expect(article.locator(".editor-left")).to_have_text(re.compile(r"1[45] min left"))
    field.fill("Half of a thought")
    mine.keyboard.press("Escape")
    expect(article.locator(".comment-text")).to_have_text("Befor the edit.")
    choose(article, "Edit")
    expect(field).to_have_value("Half of a thought")
    field.fill("After the *edit*.")
    mine.keyboard.press("Control+Enter")

    for where in (article, seen):
        expect(where.locator(".comment-text em")).to_have_text("edit")
        expect(where.locator(".comment-edited")).to_have_text("edited")
    expect(article.locator(".comment-editor")).to_have_count(0)
    choose(article, "Former texts")
    expect(article.locator(".comment-former")).to_contain_text("Befor the edit.")
    seen.locator(".comment-menu-button").click()
    expect(theirs.get_by_role("menuitem", name="Copy link")).to_be_visible()
    expect(theirs.get_by_role("menuitem", name=re.compile("Former texts|Edit|Delete"))).to_have_count(0)


def test_of_two_edits_at_once_both_texts_are_shown(new_page: Pages) -> None:
    here = opened(new_page, "reader2")
    key = write(here, "Written once.")
    there = here.context.new_page()
    there.goto(PATH)
    expect(there.locator(".comments-status")).to_have_text("Live")
    for page in (here, there):
        choose(by_id(page, key), "Edit")
    by_id(here, key).locator("textarea").fill("Edited here.")
    by_id(there, key).locator("textarea").fill("Edited there.")
    by_id(there, key).locator(".editor-save").click()

    conflict = by_id(here, key).locator(".editor-conflict")
    expect(conflict.locator(".editor-present")).to_have_text("Edited there.")
    expect(by_id(here, key).locator("textarea")).to_have_value("Edited here.")
    conflict.locator(".editor-mine").click()
    for page in (here, there):
        expect(by_id(page, key).locator(".comment-text")).to_have_text("Edited here.")


def test_a_deletion_goes_at_once_and_may_be_taken_back(new_page: Pages) -> None:
    mine, theirs = opened(new_page, "reader3"), opened(new_page, None)
    key = write(mine, "Said too soon.")
    expect(by_id(theirs, key)).to_be_visible()
    choose(by_id(mine, key), "Delete")
    undo = mine.locator(".comment-deleted button")
    expect(undo).to_be_focused()
    expect(by_id(mine, key)).not_to_be_visible()
    expect(by_id(theirs, key)).to_have_count(0)
    undo.click()
    for page in (mine, theirs):
        expect(by_id(page, key).locator(".comment-text")).to_have_text("Said too soon.")
        expect(page.locator(".comment-deleted")).to_have_count(0)


def test_reactions_are_counted_on_every_page_and_known_after_a_reload(new_page: Pages) -> None:
    mine, theirs, stranger = (opened(new_page, who) for who in ("reader4", "reader5", None))
    key = write(mine, "React to me.")
    for page in (mine, theirs):
        article = by_id(page, key)
        article.locator(".reaction-add").click()
        article.locator(f".reaction[data-emoji='{UP}']").click()
    for page in (mine, theirs, stranger):
        expect(by_id(page, key).locator(f".reaction[data-emoji='{UP}']")).to_have_text(f"{UP} 2")
    expect(by_id(stranger, key).locator(".reaction.is-own")).to_have_count(0)

    mine.reload()
    own = by_id(mine, key).locator(".reaction.is-own")
    expect(own).to_have_text(f"{UP} 2")
    own.click()
    expect(own).to_have_count(0)
    for page in (mine, stranger):
        expect(by_id(page, key).locator(".reaction:not(.is-own)").first).to_have_text(f"{UP} 1")
    by_id(stranger, key).locator(".reaction").first.click()
    expect(by_id(stranger, key).locator(".comment-note")).to_contain_text("log in")


def test_who_is_ignored_is_one_line_in_every_tab(new_page: Pages) -> None:
    loud = opened(new_page, "reader6")
    first, second = write(loud, "Listen to me."), write(loud, "And again.")
    mine = opened(new_page, "reader7")
    other_tab = mine.context.new_page()
    other_tab.goto(PATH)
    expect(by_id(other_tab, second)).to_be_visible()
    choose(by_id(mine, first), "Ignore this person")
    for page in (mine, other_tab):
        for key in (first, second):
            expect(by_id(page, key).locator(".comment-ignored")).to_contain_text("You ignore reader6")
            expect(by_id(page, key).locator(".comment-text")).not_to_be_visible()
    by_id(mine, second).locator(".comment-ignored button").click()
    expect(by_id(mine, second).locator(".comment-text")).to_be_visible()
    choose(by_id(mine, first), "Stop ignoring")
    for page in (mine, other_tab):
        expect(by_id(page, first).locator(".comment-text")).to_be_visible()


def test_without_javascript_each_of_it_is_a_page(new_page: Pages) -> None:
    page = new_page("reader8", java_script_enabled=False)
    page.goto(PATH)
    page.fill("#comment-content", "No script here.")
    page.click(".composer-send")
    article = comment(page, "No script here.")
    article.get_by_role("link", name="React").click()
    page.click(f"button[value='{UP}']")
    expect(article.locator(".reaction.is-own")).to_have_text(f"{UP} 1")
    article.locator(".reaction").click()
    expect(article.locator(".reaction")).to_have_count(0)
    article.get_by_role("link", name="Edit").click()
    page.fill("textarea", "Still no script.")
    page.click(".composer-send")
    article = comment(page, "Still no script.")
    article.get_by_role("link", name="Delete").click()
    page.click(".composer-send")
    page.get_by_role("button", name="Undo").click()
    expect(article).to_be_visible()
