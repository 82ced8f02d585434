"""What people do with a comment that exists, on pages of their own, for browsers without JavaScript."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import wire
from comments.addresses import address_of
from comments.authors import Author
from comments.bodies import bounded, refusal
from comments.conf import reaction_kinds
from comments.credentials import author_from_request, reader_from_request
from comments.csrf import is_forged, is_from_here, out_of_date
from comments.editing import (
    check_takes_edits,
    delete_own_comment,
    edit_own_comment,
    get_any,
    not_there,
    restore_own_comment,
)
from comments.errors import BUSY, CommentError
from comments.giving_back import give_back
from comments.models import Comment, Thread
from comments.outages import OUTAGES
from comments.queries import get_thread_at, own_reactions
from comments.reactions import react
from comments.services import VISIBLE

logger = logging.getLogger(__name__)

Do = Callable[[HttpRequest, dict[str, Any]], Comment]
OUT_OF_DATE = "You have logged in or out since this page was opened. Look who you are now, and do it again."


def page_for(name: str, title: str) -> Callable[[Do], Callable[..., HttpResponse]]:
    """Make a view of what does one thing to a comment: GET asks, POST does it and goes back to the comment.

    name: of the template. A refusal shows the page again, with all that was typed.
    """

    def decorate(do: Do) -> Callable[..., HttpResponse]:
        @csrf_exempt  # checked below: a form with an old token comes back with its words
        @bounded
        @require_http_methods(["GET", "HEAD", "POST"])
        @never_cache
        @wraps(do)
        def view(request: HttpRequest, collection: str, key: str, pk: int) -> HttpResponse:
            thread = None
            try:
                thread = get_thread_at(collection, key)
                comment = get_any(thread, str(pk))
                return _answer(request, thread, comment, do, f"comments/{name}.html", title)
            except CommentError as error:
                return give_back(request, error, thread)
            except OUTAGES as error:
                logger.warning("something is out of reach: %r", error)
                return refusal(BUSY)

        return view

    return decorate


def _answer(
    request: HttpRequest, thread: Thread, comment: Comment, do: Do, template: str, title: str
) -> HttpResponse:
    error = None
    if request.method == "POST":
        is_late = is_forged(request)
        if is_late and not is_from_here(request):
            return csrf_failure(request)
        try:
            if is_late:
                raise out_of_date(request, OUT_OF_DATE)
            return HttpResponseRedirect(_after(request, do(request, _about(request, thread, comment))))
        except CommentError as refusal:
            error = refusal
        except OUTAGES as outage:
            logger.warning("something is out of reach: %r", outage)
            error = BUSY
    context = _context(request, thread, comment) | {"title": title, "error": error}
    return render(request, template, context, status=error.code if error else 200)


def _about(request: HttpRequest, thread: Thread, comment: Comment) -> dict[str, Any]:
    return {
        "author": author_from_request(request),
        "thread": thread,
        "comment_id": str(comment.pk),
        "address": address_of(request),
    }


def _context(request: HttpRequest, thread: Thread, comment: Comment) -> dict[str, Any]:
    """What the pages show; of a deleted comment, that its author may restore it, and nothing of any other."""
    author = reader_from_request(request)
    is_own = author is not None and author.key == comment.author_key
    if comment.status != VISIBLE and not (is_own and comment.removed_by == Comment.By.AUTHOR):
        raise not_there()
    return {
        "thread": thread,
        "comment": wire.as_comment(comment),
        "typed": request.POST.get("content", comment.content if comment.status == VISIBLE else ""),
        "version": request.POST.get("version", comment.version),
        "is_own": is_own,
        "kinds": _kinds(thread, comment, author),
        "closed": thread.policy == Thread.Policy.CLOSED,
        "barred": _barred(thread, comment),
        "back": _address(request, "permalink"),
        "login_url": resolve_url(settings.LOGIN_URL),
    }


def _kinds(thread: Thread, comment: Comment, author: Author | None) -> list[tuple[str, int, bool]]:
    """The reactions that are offered, each with its count and whether it is the reader's own.

    Where the thread is closed, these are the reader's own, to take back.
    """
    own = own_reactions(author.key, [str(comment.pk)]).get(str(comment.pk), []) if author else []
    kinds = own if thread.policy == Thread.Policy.CLOSED else reaction_kinds()
    return [(kind, comment.reactions.get(kind, 0), kind in own) for kind in kinds]


def _barred(thread: Thread, comment: Comment) -> str:
    """Why the comment takes no edits any more; empty where it does."""
    try:
        check_takes_edits(comment, thread)
    except CommentError as refusal:
        return refusal.message
    return ""


def _after(request: HttpRequest, done: Comment) -> str:
    """Where somebody is led who has done something: to the comment, or to where a deletion is taken back."""
    name = "permalink" if done.status == VISIBLE else "restore_own"
    return _address(request, name)


def _address(request: HttpRequest, name: str) -> str:
    """The address of another page about the same comment."""
    here = request.resolver_match
    return reverse(f"comments:{name}", kwargs=here.kwargs if here else {})


@page_for("edit", "Edit your comment")
def edit(request: HttpRequest, about: dict[str, Any]) -> Comment:
    """Give one's own comment another text."""
    version = request.POST.get("version", "")
    if not (len(version) < 19 and version.isascii() and version.isdigit()):
        raise CommentError(400, "bad_field", "version must be a number.")
    content = request.POST.get("content", "")
    return edit_own_comment(**about, content=content, version=int(version))


@page_for("delete", "Delete your comment?")
def delete(request: HttpRequest, about: dict[str, Any]) -> Comment:
    """Delete one's own comment."""
    return delete_own_comment(**about)


@page_for("delete", "Deleted")
def restore(request: HttpRequest, about: dict[str, Any]) -> Comment:
    """Take back that one deleted a comment a moment ago."""
    return restore_own_comment(**about)


@page_for("react", "React")
def react_to(request: HttpRequest, about: dict[str, Any]) -> Comment:
    """React to a comment, or no longer."""
    emoji, off = request.POST.get("on", ""), request.POST.get("off", "")
    return react(**about, emoji=emoji or off, on=bool(emoji))
