"""The Atom feed: the newest articles in full."""

import re
from datetime import UTC, date, datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from blog import site
from blog.models import Article

ENTRIES = 20
# The day in the feed's own id. Its date has no meaning, but it must not change: another id is another feed.
BEGUN = date(2026, 1, 1)

# A control character pasted into one article must not take the feed of all of them down: XML 1.0 has no way
# to say it.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    return UNPRINTABLE.sub("", text)


class FullTextAtom(Atom1Feed):
    """Django's Atom, plus the text itself, and a base for those addresses in it that are relative."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xml:base": site.absolute("/")}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


class ArticleFeed(Feed):
    feed_type = FullTextAtom
    language = "en"

    def title(self) -> str:
        return str(settings.SITE_NAME)

    def subtitle(self) -> str:
        return str(settings.SITE_TAGLINE)

    def link(self) -> str:
        return site.absolute(reverse("blog:index"))

    def feed_url(self) -> str:
        return site.absolute(reverse("blog:feed"))

    def feed_guid(self) -> str:
        return site.tag_uri(BEGUN, "articles")

    def items(self) -> QuerySet[Article]:
        return Article.objects.published().for_list().defer(None).defer("body")[:ENTRIES]

    def item_title(self, item: Article) -> str:
        return printable(item.title)

    def item_description(self, item: Article) -> str:
        return escape(printable(item.summary))  # Django declares it as HTML

    def item_link(self, item: Article) -> str:
        return site.absolute(item.get_absolute_url())

    def item_guid(self, item: Article) -> str:
        # Not its address, which may change: an entry with a new id is shown again as unread.
        return site.tag_uri(item.created_at.astimezone(UTC).date(), f"articles/{item.pk}")

    def item_author_name(self, item: Article) -> str:
        return printable(item.byline)

    def item_categories(self, item: Article) -> list[str]:
        return [printable(tag.name) for tag in item.tags.all()]

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime:
        # An article that was held back is new from its date on, not from the day it was written.
        return max(item.updated_at, item.published_at or item.updated_at)

    def item_extra_kwargs(self, item: Article) -> dict[str, str]:
        return {"content": printable(item.body_html)}
