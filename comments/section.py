"""The section of a page in which comments are read and written: what its templates are filled with."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import get_script_prefix, reverse

from comments import queries, wire
from comments.arranging import Item
from comments.authors import Author
from comments.conf import edit_window, guests_may_write, reaction_kinds, setting, socket_prefix, undo_window
from comments.credentials import is_banned, reader_from_request
from comments.models import Thread
from comments.reading import read_part
from comments.subjects import LONGEST_KEY, subject_of
from comments.text import MAX_CONTENT, MAX_NAME
from comments.typed import typed_before


def section_context(request: HttpRequest, target: Model) -> dict[str, Any]:
    """What comments/section.html needs: a form, a part of the comments and ways to the others.

    Raises NotCommentable where the object has no comments.
    """
    thread = queries.get_thread(check_commentable(target))
    check_key(thread)
    author = reader_from_request(request)
    part = read_part(request, thread, author.key if author else None)
    banned = author is None and is_banned(request)
    return (
        composer_context(thread, author, parent=part.reply, banned=banned)
        | _typed(request, thread, part.reply)
        | {
            "request": request,
            "banned": banned,
            "page": part.page,
            "sort": part.page.sort,
            "items": part.items,
            "marked": part.marked,
            "said": part.said,
            "previous_url": part.previous_url,
            "next_url": part.next_url,
            "closed": part.page.policy == Thread.Policy.CLOSED,
            "blank": BLANK,
            "blank_removed": BLANK_REMOVED,
            "kinds": reaction_kinds(),
            "edit_window": f"{edit_window().total_seconds():g}",
            "undo_window": f"{undo_window().total_seconds():g}",
            "csrf_cookie": settings.CSRF_COOKIE_NAME,
            "verify_period": setting("COMMENTS_VERIFY_PERIOD"),
            "addresses": addresses_of(thread),
        }
    )


def _typed(request: HttpRequest, thread: Thread, reply: Any) -> dict[str, Any]:
    """What was typed before a login. Where a comment is answered now, the text goes there."""
    typed = typed_before(request, thread)
    return {"content": typed["content"]} if reply and typed else typed


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
    comments = reverse("comments:comments", args=[thread.collection, thread.key])
    key = quote(thread.key, safe="")
    return {
        "thread": comments.removesuffix("comments/"),
        "site": reverse("comments:me").removesuffix("me/"),
        "socket": f"{get_script_prefix()}{socket_prefix()}{thread.kind}/{key}/",
        "post": reverse("comments:post", args=[thread.collection, thread.key]),
        "preview": reverse("comments:preview", args=[thread.collection, thread.key]),
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
