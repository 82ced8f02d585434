"""The blog's services: how articles are stored that readers may have open."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from blog.live import tell_of_revision
from blog.models import Article

TEXT = ("title", "summary", "body")  # what readers read


@transaction.atomic
def save_article(*, article: Article) -> None:
    """Store an article as it was edited. Where readers have it, it is revised, and their pages are told.

    Raises ValidationError for a slug that another article had.
    """
    stored = Article.objects.select_for_update().filter(pk=article.pk).first()
    article.save()
    if stored is None or not (stored.is_published and article.is_published):
        return
    if _differs(article, stored, TEXT):
        _count_revision(article, stored, revised_at=timezone.now())
    elif article.slug != stored.slug:
        _count_revision(article, stored, revised_at=stored.revised_at)


def _count_revision(article: Article, stored: Article, *, revised_at: datetime | None) -> None:
    article.revision, article.revised_at = stored.revision + 1, revised_at
    Article.objects.filter(pk=article.pk).update(revision=article.revision, revised_at=revised_at)
    tell_of_revision(article)


def _differs(article: Article, stored: Article, fields: tuple[str, ...]) -> bool:
    return any(getattr(article, field) != getattr(stored, field) for field in fields)
