"""What the pages of the site show of comments: the section under an article, and counts in lists."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from blog.models import Article
from comments import queries, wire
from comments.authors import Author, author_from_request
from comments.errors import CommentError
from comments.models import Thread
from comments.text import MAX_CONTENT, MAX_NAME

register = template.Library()

ROLE_LABELS = {"author": "Author", "moderator": "Moderator"}


@dataclass
class Item:
    """A comment in its place.

    to: the comment answered, where nesting does not say so. orphan: it answers one that is not on the page.
    """

    comment: wire.Comment
    to: wire.Comment | None = None
    orphan: bool = False
    replies: list[Item] = field(default_factory=list)


def arrange(comments: Sequence[wire.Comment]) -> list[Item]:
    """The comments in the order they are shown: newest first, replies oldest first and one level deep.

    A removed comment keeps its place only while something on the page answers it. `arrange` of
    comments/static/comments/js/thread/tree.js gives the same.
    """
    answered = {comment.parent for comment in comments if comment.status != wire.REMOVED}
    shown = {
        comment.id: comment
        for comment in comments
        if comment.status != wire.REMOVED or comment.id in answered
    }
    items: dict[str, Item] = {}
    roots: list[Item] = []
    # A reply is always younger than what it answers, so the item of its root is there already.
    for comment in sorted(shown.values(), key=_age):
        root = _root_of(comment, shown)
        item = items[comment.id] = Item(comment)
        if root is comment:
            item.orphan = comment.parent is not None
            roots.append(item)
        else:
            item.to = shown[comment.parent or ""] if comment.parent != root.id else None
            items[root.id].replies.append(item)
    return roots[::-1]


def _age(comment: wire.Comment) -> tuple[int, str]:
    """Sorts older comments first: ids are numbers in the order of writing."""
    return len(comment.id), comment.id


def _root_of(comment: wire.Comment, shown: dict[str, wire.Comment]) -> wire.Comment:
    while comment.parent in shown:
        comment = shown[comment.parent]
    return comment


@register.inclusion_tag("comments/section.html", takes_context=True)
def comments(context: dict[str, Any], article: Article) -> dict[str, Any]:
    """The comments section of a published article: a form, the newest comments and a way to older ones."""
    request: HttpRequest = context["request"]
    page, is_first_page = _snapshot(article, request.GET.get("comments"))
    author = author_of(request)
    reply = next(
        (c for c in page.results if c.id == request.GET.get("reply") and c.status != wire.REMOVED), None
    )
    return composer_context(article, author, parent=reply) | {
        "request": request,
        "page": page,
        "items": arrange(page.results),
        "is_first_page": is_first_page,
        "closed": page.policy == Thread.Policy.CLOSED,
        "blank": BLANK,
        "blank_removed": BLANK_REMOVED,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }


def composer_context(
    article: Article, author: Author | None, *, parent: wire.Comment | None = None
) -> dict[str, Any]:
    """What comments/templates/comments/composer.html needs."""
    return {
        "article": article,
        "author": author,
        "guests": settings.COMMENTS_GUESTS,
        "may_write": author is not None or settings.COMMENTS_GUESTS,
        "parent": parent.id if parent else "",
        "reply_to": parent.user if parent else "",
        "ref": uuid.uuid4(),
        "max_content": MAX_CONTENT,
        "max_name": MAX_NAME,
    }


def author_of(request: HttpRequest) -> Author | None:
    """Whoever reads the page; nobody, where the account was banned: pages stay readable."""
    try:
        return author_from_request(request)
    except CommentError:
        return None


def _snapshot(article: Article, cursor: str | None) -> tuple[wire.Snapshot, bool]:
    """The page of comments that the cursor names, and whether it is the newest one."""
    thread = queries.get_thread(article)
    if cursor:
        try:
            return queries.snapshot(thread, cursor=cursor), False
        except CommentError:
            pass  # an address that was changed by hand: the newest will do
    return queries.snapshot(thread), True


@register.simple_tag
def comment_counts(articles: Iterable[Article]) -> dict[int, int]:
    """The number of visible comments of each article, in one query."""
    return queries.comment_counts(articles)


@register.filter
def for_article(counts: dict[int, int], article: Article) -> int:
    """{{ counts|for_article:article }}, with `counts` of `comment_counts`."""
    return counts.get(article.pk, 0)


@register.filter
def role_label(role: str) -> str:
    """The badge beside a name; most have none."""
    return ROLE_LABELS.get(role, "")


@register.filter
def ago(moment: datetime) -> str:
    """How long ago it was, in the words of `ago` in comments/static/comments/js/page/times.js."""
    age = timezone.now() - moment
    if age < timedelta(minutes=1):
        return "just now"
    if age < timedelta(hours=1):
        return f"{age // timedelta(minutes=1)} min"
    if age < timedelta(days=1):
        return f"{age // timedelta(hours=1)} h"
    if age < timedelta(days=7):
        return f"{age.days} d"
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y}"


def _blank(status: str) -> Item:
    """A comment with every part that a comment can have, for the page's own copies."""
    comment = wire.Comment(
        id="0",
        user="",
        user_id="",
        role="author",
        content="",
        html="",
        timestamp=datetime.fromtimestamp(0, UTC),
        edited_at=datetime.fromtimestamp(0, UTC),
        parent=None,
        status=status,
        version=0,
    )
    return Item(comment, to=comment, orphan=True)


BLANK = _blank("visible")
BLANK_REMOVED = _blank(wire.REMOVED)
