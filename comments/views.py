"""Posting a comment with a plain HTML form, for browsers without JavaScript."""

from __future__ import annotations

import logging
import math
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import get_script_prefix
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comments.addresses import address_of
from comments.authors import Author, name_guest, set_guest_cookie
from comments.credentials import author_from_request, reader_from_request
from comments.errors import BUSY, CommentError
from comments.models import Thread
from comments.outages import OUTAGES
from comments.queries import get_thread_at
from comments.rates import NAMES_PER_ADDRESS, check_rate, network_of
from comments.section import composer_context
from comments.services import post_comment

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def post(request: HttpRequest, collection: str, key: str) -> HttpResponse:
    """Store the comment and redirect to it; a refusal shows the form again with all that was typed."""
    try:
        thread = get_thread_at(collection, key)
        if request.method != "POST":  # a reload of the refusal's address
            return HttpResponseRedirect(f"{_page_of(thread)}#comments")
        return _answer(request, thread)
    except CommentError as error:
        raise Http404 from error
    except OUTAGES as error:  # too much is out of reach for a page of the project's
        return _apologise(error)


def _answer(request: HttpRequest, thread: Thread) -> HttpResponse:
    """The redirect to the stored comment, or the form again."""
    try:
        author, is_new = _get_author(request)
    except CommentError as error:
        return _refuse(request, thread, error, reader_from_request(request), name_error=True)
    try:
        response: HttpResponse = _post(request, thread, author)
    except CommentError as error:
        response = _refuse(request, thread, error, author)
    except OUTAGES as error:
        logger.warning("something is out of reach: %r", error)
        response = _refuse(request, thread, BUSY, author)
    if author is not None and is_new:
        set_guest_cookie(response, author)
    return response


def _apologise(error: Exception) -> HttpResponse:
    """A sentence without a page around it: a browser that goes back finds what was typed."""
    logger.warning("something is out of reach: %r", error)
    response = HttpResponse(BUSY.message, content_type="text/plain; charset=utf-8", status=BUSY.code)
    response["Retry-After"] = _seconds(BUSY.retry_after)
    return response


def _seconds(retry_after: float | None) -> str:
    return str(math.ceil(retry_after or 0))


def _get_author(request: HttpRequest) -> tuple[Author | None, bool]:
    """The author who posts, and whether they are a guest whom the form's `name` has just named."""
    author = author_from_request(request)
    if author is not None or "name" not in request.POST:
        return author, False
    check_rate("name", network_of(address_of(request)), NAMES_PER_ADDRESS)
    return name_guest(request.POST["name"]), True


def _post(request: HttpRequest, thread: Thread, author: Author | None) -> HttpResponseRedirect:
    posted = post_comment(
        author=author,
        thread=thread,
        content=request.POST.get("content", ""),
        ref=request.POST.get("ref", ""),
        parent=request.POST.get("parent") or None,
        address=address_of(request),
    )
    return HttpResponseRedirect(f"{_page_of(thread)}#comment-{posted.comment.pk}")


def _page_of(thread: Thread) -> str:
    """The address of the page with the comments; the project's first page where its subject gives none."""
    return thread.url or get_script_prefix()


def _refuse(
    request: HttpRequest,
    thread: Thread,
    error: CommentError,
    author: Author | None,
    *,
    name_error: bool = False,
) -> HttpResponse:
    typed: dict[str, Any] = {key: request.POST.get(key, "") for key in ("content", "name", "parent")}
    # The form keeps its ref: the comment may have been stored although the answer was lost.
    if request.POST.get("ref") and error.reason not in ("ref_conflict", "bad_field"):
        typed["ref"] = request.POST["ref"]
    if error.reason == "bad_parent":
        typed["parent"] = ""
    context = composer_context(thread, author) | typed | {"error": error, "name_error": name_error}
    response = render(request, "comments/post_error.html", context, status=error.code)
    if error.retry_after:
        response["Retry-After"] = _seconds(error.retry_after)
    return response
