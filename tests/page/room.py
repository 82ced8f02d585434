"""An article with a thread for one test, and what its readers do there."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from tests.services.waiting import wait_until

if TYPE_CHECKING:
    from tests.services.chromium import Pages
    from tests.services.site import AppServer


class Room:
    """An article with a thread for this test alone."""

    def __init__(self, site: AppServer, new_page: Pages) -> None:
        self.site = site
        self.new_page = new_page
        self.slug = f"room-{uuid.uuid4().hex[:12]}"
        self.path = f"/articles/{self.slug}/"
        self.shell(
            "Article.objects.create(title='A room', slug=slug, status='published',"
            " body='A paragraph.\\n\\n' * 12, author=User.objects.get(username='admin'))"
        )

    def shell(self, statement: str) -> str:
        """Run a statement in the site's Django, outside of its server."""
        return self.site.shell(
            "import uuid\nfrom django.contrib.auth.models import User\nfrom blog.models import Article\n"
            "from comments import services\nfrom comments.authors import Author\n"
            "from comments.models import Comment, Thread\nfrom comments.queries import get_thread\n"
            f"slug = {self.slug!r}\narticle = Article.objects.filter(slug=slug).first()\n"
            f"thread = article and get_thread(article)\n{statement}"
        )

    def fill(self, count: int) -> None:
        """Have readers write comments before any page is opened."""
        self.shell(
            f"for n in range({count}): services.post_comment(\n"
            "    author=Author('g1', 'Ida', 'guest'), thread=thread,"
            " content=f'Comment {n}. ' + 'It has a few lines. ' * 12, ref=uuid.uuid4())"
        )

    def enter(self, user: str | None = None, **options: Any) -> Page:
        page = self.new_page(user, **options)
        page.goto(self.path)
        if options.get("java_script_enabled", True):
            expect(page.locator(".comments-status")).to_have_text("Live")
        return page


def comment(page: Page, text: str) -> Any:
    return page.locator(".comment[data-id]").filter(has=page.locator(".comment-text", has_text=text))


def write(page: Page, text: str) -> None:
    page.fill("#comment-content", text)
    page.keyboard.press("Control+Enter")


def asks_for_news(page: Page) -> None:
    """Have the page show the comments that wait to be asked for, if some do."""
    page.evaluate("document.querySelector('.comments-new:not([hidden])')?.click()")


def comes(page: Page, text: str) -> None:
    """Wait until a comment is on the page, which its reader sees at once or asks for."""

    def is_here() -> bool:
        asks_for_news(page)
        return bool(comment(page, text).count() == 1)

    wait_until(is_here, what=f"{text!r} on the page")


def only_hears(*pages: Page) -> None:
    """Take the history away from these pages: comments that show from now on came live."""
    for page in pages:
        page.route("**/history/**", lambda route: route.abort())


def no_entries(page: Page) -> None:
    expect(page.locator(".comment.is-entry")).to_have_count(0)
