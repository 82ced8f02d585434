"""The people and articles of these tests: Rosalind edits the magazine, Ben reads it."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from blog.models import Article, Tag

ROSALINDS_PASSWORD, BENS_PASSWORD = "pencil", "paper"


def make_rosalind() -> User:
    return User.objects.create_superuser(
        "rosalind", password=ROSALINDS_PASSWORD, first_name="Rosalind", last_name="Okafor"
    )


def make_ben() -> User:
    return User.objects.create_user("ben", password=BENS_PASSWORD)


def make_article(
    author: User, title: str = "On plums", *, tags: tuple[str, ...] = (), **fields: Any
) -> Article:
    """A published article, unless `fields` say otherwise."""
    article = Article.objects.create(
        **{"title": title, "author": author, "body": "Prune in July.", "status": "published", **fields}
    )
    article.tags.set([Tag.objects.get_or_create(name=name)[0] for name in tags])
    return article


def make_articles(author: User, number: int, **fields: Any) -> list[Article]:
    """Published articles a day apart: "Article 1" is the oldest."""
    now = timezone.now()
    return [
        make_article(author, f"Article {n}", published_at=now - timedelta(days=number - n + 1), **fields)
        for n in range(1, number + 1)
    ]
