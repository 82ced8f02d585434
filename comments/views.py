"""What needs no script: posting with a plain form, choosing the order of the list, links to a comment."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import get_script_prefix
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from comments.addresses import address_of
from comments.attempts import TriedTooMuch, check_attempt, note_answer
from comments.authors import Author, name_guest, set_guest_cookie
from comments.bodies import bounded, refusal
from comments.credentials import author_from_request, reader_from_request
from comments.csrf import is_forged, is_from_here, out_of_date
from comments.errors import BUSY, CommentError
from comments.giving_back import give_back
from comments.models import Thread
from comments.outages import OUTAGES
from comments.previews import preview_comment
from comments.queries import SORTS, get_thread_at, has_comment
from comments.rates import check_naming
from comments.repeats import find_repeated
from comments.section import composer_context
from comments.services import post_comment
from comments.sorts import keep_sort
from comments.typed import forget_typed, keep_typed

logger = logging.getLogger(__name__)

OUT_OF_DATE = "You have logged in or out since this form was opened. Look who writes, and post again."
OTHER_WORDS = "You have posted this form before, with other words. Post again to add these too."


@csrf_exempt  # checked below: a form with an old token comes back with its words
@bounded
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def post(request: HttpRequest, collection: str, key: str) -> HttpResponse:
    """Store the comment and redirect to it; a refusal shows the form again with all that was typed.

    With GET it leads to the page, in the order that `sort` names, which the browser remembers.
    """
    return _answer_form(request, collection, key, _log_in if "login" in request.POST else _store)


@csrf_exempt
@bounded
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def preview(request: HttpRequest, collection: str, key: str) -> HttpResponse:
    """Show the form again, with the comment as it would look."""
    return _answer_form(request, collection, key, _preview)


Answer = Callable[[HttpRequest, Thread], HttpResponse]


def _answer_form(request: HttpRequest, collection: str, key: str, answer: Answer) -> HttpResponse:
    """The answer to a form that was sent, which counts as an attempt, and more where it is refused."""
    address = address_of(request)
    try:
        if request.method == "POST":
            check_attempt(address)
        response = _answer_attempt(request, collection, key, answer)
    except TriedTooMuch as error:
        return _apologise(error)
    except Http404:
        note_answer(404, address)
        raise
    note_answer(response.status_code, address)
    return response


def _answer_attempt(request: HttpRequest, collection: str, key: str, answer: Answer) -> HttpResponse:
    thread = None
    try:
        thread = get_thread_at(collection, key)
        if request.method != "POST":
            return _choose_sort(request, thread)
        if is_forged(request):
            return _out_of_date(request, thread)
        return answer(request, thread)
    except CommentError as error:
        return give_back(request, error, thread)
    except OUTAGES as error:  # too much is out of reach for a page of the project's
        return _regret(error)


@require_safe
@never_cache
def permalink(request: HttpRequest, collection: str, key: str, pk: int) -> HttpResponse:
    """Redirect to the page with the comment among its neighbours; the page says so if it is gone."""
    try:
        thread = get_thread_at(collection, key)
        is_there = has_comment(thread, pk)
    except CommentError as error:
        raise Http404 from error
    except OUTAGES as error:
        return _regret(error)
    return HttpResponseRedirect(_part_of(thread, f"comment-{pk}" if is_there else "comments", comment=pk))


def _choose_sort(request: HttpRequest, thread: Thread) -> HttpResponse:
    """The way to the page; a reload of a refusal's address has no sort."""
    sort = request.GET.get("sort")
    if sort not in SORTS:
        return HttpResponseRedirect(_part_of(thread, "comments"))
    response = HttpResponseRedirect(_part_of(thread, "comments", sort=sort))
    keep_sort(response, sort)
    return response


def _out_of_date(request: HttpRequest, thread: Thread) -> HttpResponse:
    """The form with its words and a new token; a plain refusal where the words may be another site's."""
    if not is_from_here(request):
        return csrf_failure(request)
    return _refuse(request, thread, out_of_date(request, OUT_OF_DATE), reader_from_request(request))


def _store(request: HttpRequest, thread: Thread) -> HttpResponse:
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


def _log_in(request: HttpRequest, thread: Thread) -> HttpResponse:
    """The redirect to the login, from which a way leads back to the form and its words."""
    try:
        keep_typed(request, thread)
    except CommentError as error:
        return _refuse(request, thread, error, reader_from_request(request))
    back = quote(f"{_page_of(thread)}#comment-form", safe="/")
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?next={back}")


def _preview(request: HttpRequest, thread: Thread) -> HttpResponse:
    author = reader_from_request(request)
    content = request.POST.get("content", "")
    try:
        author = author_from_request(request)
        html = preview_comment(author=author, thread=thread, content=content, address=address_of(request))
    except CommentError as error:
        return _refuse(request, thread, error, author)
    return _show_form(request, thread, author, {"preview": html}, status=200)


def _regret(error: Exception) -> HttpResponse:
    logger.warning("something is out of reach: %r", error)
    return _apologise(BUSY)


def _apologise(error: CommentError) -> HttpResponse:
    response = refusal(error)
    response["Retry-After"] = _seconds(error.retry_after)
    return response


def _seconds(retry_after: float | None) -> str:
    return str(math.ceil(retry_after or 0))


def _get_author(request: HttpRequest) -> tuple[Author | None, bool]:
    """The author who posts, and whether they are a guest whom the form's `name` has just named."""
    author = author_from_request(request)
    if author is not None or "name" not in request.POST:
        return author, False
    check_naming(None, address_of(request))
    return name_guest(request.POST["name"], seed=_seed_of(request)), True


def _seed_of(request: HttpRequest) -> str | None:
    """What makes a form that is sent twice at once come from one guest, before their cookie is there."""
    cookie, ref = request.COOKIES.get(settings.CSRF_COOKIE_NAME), request.POST.get("ref")
    return f"{cookie} {ref}" if cookie and ref else None


def _post(request: HttpRequest, thread: Thread, author: Author | None) -> HttpResponseRedirect:
    meant = request.POST.get("author")
    if meant and (author is None or author.key != meant):
        raise CommentError(403 if author else 401, "out_of_date" if author else "login_required", OUT_OF_DATE)
    content, parent = request.POST.get("content", ""), request.POST.get("parent", "")
    comment = author and find_repeated(author=author, thread=thread, content=content, parent=parent)
    comment = (
        comment
        or post_comment(
            author=author,
            thread=thread,
            content=content,
            ref=request.POST.get("ref", ""),
            parent=parent or None,
            address=address_of(request),
        ).comment
    )
    forget_typed(request)
    return HttpResponseRedirect(_part_of(thread, f"comment-{comment.pk}", comment=comment.pk))


def _page_of(thread: Thread) -> str:
    """The address of the page with the comments; the project's first page where its subject gives none."""
    return thread.url or get_script_prefix()


def _part_of(thread: Thread, fragment: str, **query: object) -> str:
    """The address of a part of the thread on that page."""
    page = _page_of(thread)
    if query and thread.url:
        page += f"{'&' if '?' in page else '?'}{urlencode(query)}"
    return f"{page}#{fragment}"


def _refuse(
    request: HttpRequest,
    thread: Thread,
    error: CommentError,
    author: Author | None,
    *,
    name_error: bool = False,
) -> HttpResponse:
    shown: dict[str, Any] = {"error": error, "name_error": name_error}
    if error.reason == "ref_conflict":
        shown["error"] = CommentError(error.code, error.reason, OTHER_WORDS)
    if error.reason == "bad_parent":
        shown["parent"] = ""
    response = _show_form(request, thread, author, shown, status=error.code)
    if error.retry_after:
        response["Retry-After"] = _seconds(error.retry_after)
    return response


def _show_form(
    request: HttpRequest, thread: Thread, author: Author | None, shown: dict[str, Any], *, status: int
) -> HttpResponse:
    """The form on a page of its own, with all that was typed."""
    typed: dict[str, Any] = {key: request.POST.get(key, "") for key in ("content", "name", "parent")}
    reason = shown["error"].reason if "error" in shown else None
    # The form keeps its ref: the comment may have been stored although the answer was lost.
    if request.POST.get("ref") and reason not in ("ref_conflict", "bad_field"):
        typed["ref"] = request.POST["ref"]
    context = composer_context(thread, author) | typed | shown
    return render(request, "comments/post_error.html", context, status=status)
