"""Browsers that lack what the newest have: those that are served do all, older ones have a plain form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.page.room import Room, comes, comment, no_entries, write
from tests.services.chromium import arguments
from tests.services.finding import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.services.chromium import Pages
    from tests.services.site import AppServer

# What Safari 15.0 and Chrome of three years ago lack, or have in part.
LACKING = """
    for (const name of ["timeout", "any"]) delete AbortSignal[name];
    for (const name of ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"]) {
        delete Array.prototype[name];
    }
    delete String.prototype.at;
    for (const name of ["hasOwn", "groupBy"]) delete Object[name];
    for (const name of ["canParse", "parse"]) delete URL[name];
    for (const name of ["withResolvers", "try"]) delete Promise[name];
    for (const name of ["union", "difference", "intersection", "isSubsetOf"]) delete Set.prototype[name];
    delete globalThis.structuredClone;
    delete globalThis.requestIdleCallback;
    delete globalThis.scheduler;
    delete globalThis.navigation;
    delete Document.prototype.startViewTransition;
    delete Element.prototype.checkVisibility;
    delete Crypto.prototype.randomUUID;
    delete Navigator.prototype.locks;
    delete HTMLElement.prototype.showPopover;
"""


@pytest.fixture
def room(live_site: AppServer, new_page: Pages) -> Room:
    return Room(live_site, new_page)


def test_the_oldest_browser_that_is_served_does_all(room: Room) -> None:
    anna = room.new_page("reader1")
    anna.add_init_script(LACKING)
    anna.goto(room.path)
    expect(anna.locator(".comments-status")).to_have_text("Live")
    ben = room.enter("reader2")
    write(anna, "From an old telephone")
    expect(comment(ben, "From an old telephone")).to_have_count(1)
    no_entries(anna)
    comment(anna, "From an old telephone").locator(".comment-reply").click()
    write(anna, "And an answer")
    no_entries(anna)
    write(ben, "Heard")
    comes(anna, "Heard")
    anna.click(".people-button")
    expect(anna.locator(".people-list li")).to_have_text(["Rreader1you", "Rreader2"])


@pytest.mark.parametrize("missing", ["IntersectionObserver", "TextDecoderStream"])
def test_beneath_that_the_plain_form_is_left_alone(room: Room, missing: str) -> None:
    room.fill(1)
    anna = room.new_page("reader1")
    anna.add_init_script(f"delete globalThis.{missing}")
    anna.goto(room.path)
    anna.fill("#comment-content", "From a very old one")
    with anna.expect_navigation():
        anna.locator(".composer-send").press("Enter")
    expect(comment(anna, "From a very old one")).to_have_count(1)
    expect(anna.locator(".comments-status")).to_have_text("")


def test_a_page_that_is_made_in_advance_is_no_reader_until_it_is_seen(room: Room) -> None:
    anna = room.new_page("reader1")
    anna.add_init_script("Object.defineProperty(document, 'prerendering', { get: () => !globalThis.isSeen })")
    sockets: list[str] = []
    anna.on("websocket", lambda socket: sockets.append(socket.url))
    anna.goto(room.path, wait_until="networkidle")
    ben = room.enter("reader2")
    expect(ben.locator(".people-button")).to_have_text("1 reading")
    assert sockets == []
    anna.evaluate("isSeen = true; document.dispatchEvent(new Event('prerenderingchange'))")
    expect(anna.locator(".comments-status")).to_have_text("Live")
    expect(ben.locator(".people-button")).to_have_text("2 reading")


@pytest.mark.parametrize("blocked", ["localStorage", "sessionStorage"])
def test_a_browser_that_forbids_storage_reads_and_writes(room: Room, blocked: str) -> None:
    anna = room.new_page("reader1")
    anna.add_init_script(
        f"Object.defineProperty(globalThis, '{blocked}',"
        " { get() { throw new DOMException('blocked', 'SecurityError'); } })"
    )
    anna.goto(room.path)
    expect(anna.locator(".comments-status")).to_have_text("Live")
    write(anna, "Without a memory")
    expect(comment(anna, "Without a memory")).to_have_count(1)
    no_entries(anna)


@pytest.fixture
def keeping_page(browser: Browser, room: Room) -> Iterator[Page]:
    """A page of a browser that keeps pages for the way back, which Playwright switches off."""
    keeping = browser.browser_type.launch(
        executable_path=find_chromium(),
        args=arguments(),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield keeping.new_page(base_url=room.site.url)
    keeping.close()


def test_the_way_back_to_an_article_is_the_page_that_was_left(room: Room, keeping_page: Page) -> None:
    room.fill(20)
    page = keeping_page
    page.goto(room.path)
    expect(page.locator(".comments-status")).to_have_text("Live")
    page.evaluate("isKept = true; scrollTo(0, 900)")
    page.goto("/")
    page.go_back(wait_until="commit")
    expect(page.locator(".comments-status")).to_have_text("Live")
    assert page.evaluate("[globalThis.isKept, scrollY]") == [True, 900]
    room.shell(
        "services.post_comment(author=Author('g1', 'Ida', 'guest'), thread=thread, content='Meanwhile',"
        " ref=uuid.uuid4())"
    )
    expect(page.locator(".comments-count")).to_have_text("21")


def test_without_javascript_people_read_and_write(room: Room) -> None:
    anna = room.enter("reader1")
    plain = room.enter(java_script_enabled=False)
    plain.fill("#comment-content", "No scripts here")
    plain.fill("#comment-name", "Otto")
    plain.click(".composer-send")
    expect(comment(plain, "No scripts here").locator(".comment-user")).to_have_text("Otto")
    assert re.search(r"#comment-\d+$", plain.url)
    expect(comment(anna, "No scripts here")).to_be_visible()
    comment(plain, "No scripts here").locator(".comment-reply").click()
    expect(plain.locator(".composer-to")).to_contain_text("Replying to Otto")
    plain.fill("#comment-content", "And a reply")
    plain.click(".composer-send")
    expect(anna.locator(".comment-replies .comment-text")).to_have_text("And a reply")
