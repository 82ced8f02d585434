"""The sitemap for search engines: the front page, the articles, the tags."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from blog.models import Article, Tag


class PublicSitemap(Sitemap):
    """A sitemap with the addresses of SITE_URL, not of the host that happened to be asked."""

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class FrontPageSitemap(PublicSitemap):
    def items(self) -> list[str]:
        return ["blog:index"]

    def location(self, item: str) -> str:
        return reverse(item)


class ArticleSitemap(PublicSitemap):
    def items(self) -> QuerySet[Article]:
        return Article.objects.published().only("slug", "updated_at").order_by("-published_at", "-pk")

    def lastmod(self, item: Article) -> datetime:
        return item.updated_at


class TagSitemap(PublicSitemap):
    def items(self) -> QuerySet[Tag]:
        public = Q(articles__status=Article.Status.PUBLISHED, articles__published_at__lte=timezone.now())
        return Tag.objects.filter(public).annotate(changed_at=Max("articles__updated_at")).order_by("slug")

    def lastmod(self, item: Any) -> datetime:
        return item.changed_at


SITEMAPS = {"pages": FrontPageSitemap, "articles": ArticleSitemap, "tags": TagSitemap}
