"""The section of a page in which comments are read and written: what its templates are filled with."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import get_script_prefix, reverse

from comments import queries, wire
from comments.authors import Author
from comments.conf import guests_may_write, socket_prefix
from comments.credentials import is_banned, reader_from_request
from comments.errors import CommentError
from comments.models import Thread
from comments.subjects import LONGEST_KEY, subject_of
from comments.text import MAX_CONTENT, MAX_NAME
from comments.typed import typed_before


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
    thread/tree.js in the page gives the same.
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


def section_context(request: HttpRequest, target: Model) -> dict[str, Any]:
    """What comments/section.html needs: a form, the newest comments and a way to older ones.

    Raises NotCommentable where the object has no comments.
    """
    thread = queries.get_thread(check_commentable(target))
    check_key(thread)
    page, is_first_page = _snapshot(thread, request.GET.get("comments"))
    author = reader_from_request(request)
    banned = author is None and is_banned(request)
    reply = next(
        (c for c in page.results if c.id == request.GET.get("reply") and c.status != wire.REMOVED), None
    )
    return (
        composer_context(thread, author, parent=reply, banned=banned)
        | typed_before(request, thread)
        | {
            "request": request,
            "banned": banned,
            "page": page,
            "items": arrange(page.results),
            "is_first_page": is_first_page,
            "closed": page.policy == Thread.Policy.CLOSED,
            "blank": BLANK,
            "blank_removed": BLANK_REMOVED,
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
            "addresses": addresses_of(thread),
        }
    )


class NotCommentable(Exception):
    """An object can't be commented on; the text says why, to the developer."""


def check_commentable(target: Any) -> Model:
    """Return an object that can be commented on. Raises NotCommentable."""
    if not isinstance(target, Model):
        raise NotCommentable(f"{target!r} is no object of a model. Is the variable's name right?")
    if target.pk is None or target._state.adding:
        raise NotCommentable(f"{target!r} is not saved, so nobody can comment on it yet.")
    subject = subject_of(type(target))
    if subject is None:
        raise NotCommentable(
            f"{type(target).__name__} has no subject. Register one in live.py of its app (comments.subjects)."
        )
    if len(str(target.pk)) > LONGEST_KEY:
        raise NotCommentable(f"The primary key of {target!r} is longer than {LONGEST_KEY} characters.")
    return target


def check_key(thread: Thread) -> None:
    """Raise NotCommentable where a thread's key can't stand in an address."""
    key = thread.key
    if key in ("", ".", "..") or len(key) > LONGEST_KEY or "/" in key or "\x00" in key:
        raise NotCommentable(
            f"{key!r} can't stand in an address. A key has 1 to {LONGEST_KEY} characters, none of them a "
            f"slash, and is neither '.' nor '..': override `key` and `find` of "
            f"{type(thread.subject).__name__}, or name another key_field."
        )


def addresses_of(thread: Thread) -> dict[str, str]:
    """Where the page's script finds the thread: its calls, the site's calls, its socket."""
    subject = thread.subject
    collection = subject.collection if subject else thread.kind
    comments = reverse("comments:comments", args=[collection, thread.key])
    key = quote(thread.key, safe="")
    return {
        "thread": comments.removesuffix("comments/"),
        "site": reverse("comments:me").removesuffix("me/"),
        "socket": f"{get_script_prefix()}{socket_prefix()}{thread.kind}/{key}/",
        "post": reverse("comments:post", args=[collection, thread.key]),
        "preview": reverse("comments:preview", args=[collection, thread.key]),
    }


def composer_context(
    thread: Thread, author: Author | None, *, parent: wire.Comment | None = None, banned: bool = False
) -> dict[str, Any]:
    """What comments/composer.html needs. banned: the account was switched off, and nobody writes."""
    takes_guests = guests_may_write() and not banned
    addresses = addresses_of(thread)
    return {
        "thread": thread,
        "post_url": addresses["post"],
        "preview_url": addresses["preview"],
        "login_url": resolve_url(settings.LOGIN_URL),
        "author": author,
        "guests": takes_guests,
        "may_write": author is not None or takes_guests,
        "parent": parent.id if parent else "",
        "reply_to": parent.user if parent else "",
        "ref": uuid.uuid4(),
        "max_content": MAX_CONTENT,
        "max_name": MAX_NAME,
    }


def _snapshot(thread: Thread, cursor: str | None) -> tuple[wire.Snapshot, bool]:
    """The page of comments that the cursor names, and whether it is the newest one."""
    if cursor:
        try:
            return queries.snapshot(thread, cursor=cursor), False
        except CommentError:
            pass  # an address that was changed by hand: the newest will do
    return queries.snapshot(thread), True


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
        edited_by="moderator",
        parent=None,
        root=None,
        reply_count=0,
        status=status,
        version=0,
    )
    return Item(comment, to=comment, orphan=True)


BLANK = _blank("visible")
BLANK_REMOVED = _blank(wire.REMOVED)
