"""The address of an article changes while people read it. Nobody notices, and no text is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.page.behind import AT_LAST, Behind, is_live
from tests.page.room import comment, no_entries, write
from tests.page.wire import Wire, wake
from tests.services.http_proxy import Mode

if TYPE_CHECKING:
    from playwright.sync_api import Route

WAYS = {"socket": Mode.PASS, "stream": Mode.REFUSE, "polling": Mode.BUFFER}


def rename(behind: Behind, slug: str) -> str:
    """Give the article another slug; returns its present path. Its own `path` stays the former one."""
    behind.shell(
        f"article = Article.objects.get(pk=thread.object_key)\narticle.slug = {slug!r}\narticle.save()"
    )
    return f"/articles/{slug}/"


def is_at(page: Page, behind: Behind, address: str) -> None:
    expect(page).to_have_url(f"{behind.outside.url}{address}")


@pytest.mark.parametrize("mode", WAYS.values(), ids=WAYS)
def test_an_open_page_goes_on_and_comes_back(behind: Behind, mode: Mode) -> None:
    behind.proxy.mode = mode
    anna = behind.enter("reader1")
    rename(behind, f"new-{behind.slug}")
    behind.said("Heard")
    expect(comment(anna, "Heard")).to_have_count(1, timeout=AT_LAST)
    write(anna, "Said")
    expect(comment(anna, "Said")).to_have_count(1, timeout=AT_LAST)

    behind.proxy.cut()
    behind.said("Meanwhile")
    expect(comment(anna, "Meanwhile")).to_have_count(1, timeout=AT_LAST)
    is_live(anna)
    write(anna, "Here again")
    expect(comment(anna, "Here again")).to_have_count(1, timeout=AT_LAST)
    is_live(anna)
    behind.shows_the_truth(anna)
    is_at(anna, behind, behind.path)


def test_a_reader_who_comes_by_the_present_address_is_in_the_same_room(behind: Behind) -> None:
    anna = behind.enter("reader1")
    behind.path = rename(behind, f"new-{behind.slug}")
    ben = behind.enter("reader2")
    for page in (anna, ben):
        expect(page.locator(".people-button")).to_have_text("2 reading")
    write(anna, "From the old page")
    expect(comment(ben, "From the old page")).to_have_count(1)
    write(ben, "From the new one")
    expect(comment(anna, "From the new one")).to_have_count(1)


def test_a_reload_lands_at_the_present_address_with_the_comment_and_the_draft(behind: Behind) -> None:
    behind.fill(20)
    anna = behind.new_page("reader1", site=behind.outside)
    [(oldest, _, _)] = behind.truth()[-1:]
    anna.goto(f"{behind.path}?from=mail#comment-{oldest}")
    is_live(anna)
    anna.fill("#comment-content", "Half a sent")
    present = rename(behind, f"new-{behind.slug}")
    anna.reload()
    is_live(anna)
    is_at(anna, behind, f"{present}?from=mail#comment-{oldest}")
    expect(anna.locator(f"#comment-{oldest}")).to_be_in_viewport()
    expect(anna.locator("#comment-content")).to_have_value("Half a sent")
    write(anna, "Half a sentence more")
    expect(comment(anna, "Half a sentence more")).to_have_count(1)


def test_a_comment_that_was_written_offline_is_sent_from_the_present_address(behind: Behind) -> None:
    anna = behind.new_page("reader1", site=behind.outside)
    wire = Wire(anna)
    anna.goto(behind.path)
    is_live(anna)

    def refuse(route: Route) -> None:
        route.abort()

    wire.cut()
    anna.route("**/api/**", refuse)
    for text in ("First from the tunnel", "Second from the tunnel"):
        write(anna, text)
    expect(anna.locator(".is-entry")).to_have_count(2)
    present = rename(behind, f"new-{behind.slug}")
    anna.reload()
    is_at(anna, behind, present)
    expect(anna.locator(".is-entry")).to_have_count(2)

    wire.mend()
    anna.unroute("**/api/**", refuse)
    wake(anna)
    is_live(anna)
    for text in ("First from the tunnel", "Second from the tunnel"):
        expect(comment(anna, text)).to_have_count(1, timeout=AT_LAST)
    no_entries(anna)
    assert [content for _, _, content in behind.truth()] == [
        "Second from the tunnel",
        "First from the tunnel",
    ]
    behind.shows_the_truth(anna)


def test_an_address_that_is_taken_back_leads_in_no_circle(behind: Behind) -> None:
    anna = behind.enter()
    present = rename(behind, f"new-{behind.slug}")
    anna.goto(behind.path)
    is_at(anna, behind, present)
    former, behind.slug = behind.slug, f"new-{behind.slug}"
    rename(behind, former)
    for address in (present, behind.path):
        anna.goto(address)
        is_at(anna, behind, behind.path)
