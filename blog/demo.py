"""The articles of the demonstration: a dozen Markdown files, and the one function that stores them."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.contrib.auth.models import User
from django.utils import timezone

from blog.models import Article, Tag

FOLDER = Path(__file__).parent / "demo"
NEWEST_AGE = timedelta(hours=2)


@dataclass(frozen=True)
class DemoText:
    """One file: `name: value` lines, a blank line, the body."""

    slug: str
    title: str
    summary: str
    tags: list[str]
    age: timedelta
    body: str


def make_articles(author: User) -> dict[str, Article]:
    """Store the demonstration's articles, newest first, and return them by the slug of their file.

    An article that is there already keeps its id, author, date and address, so that its comments and its
    place stay; its text becomes the file's again.
    """
    return {text.slug: _store(text, author) for text in read_texts()}


def read_texts() -> list[DemoText]:
    return sorted((_read(path) for path in FOLDER.glob("*.md")), key=lambda text: text.age)


def _read(path: Path) -> DemoText:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return DemoText(
        slug=path.stem,
        title=fields["title"],
        summary=fields["summary"],
        tags=fields["tags"].split(", "),
        age=timedelta(days=int(fields["days"])),
        body=body,
    )


def _store(text: DemoText, author: User) -> Article:
    article = Article.objects.at(text.slug) or Article(
        slug=text.slug, author=author, published_at=timezone.now() - NEWEST_AGE - text.age
    )
    article.title, article.summary, article.body = text.title, text.summary, text.body
    article.status = Article.Status.PUBLISHED
    article.save()
    article.tags.set([Tag.objects.get_or_create(name=name)[0] for name in text.tags])
    # Running the demo is no revision, and readers of the page and the feed must not be told of one.
    Article.objects.filter(pk=article.pk).update(updated_at=article.published_at)
    article.refresh_from_db(fields=["updated_at"])
    return article
