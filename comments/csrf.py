"""Requests that another site may have forged."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from comments.errors import CommentError

NO_COOKIE = (
    "Your browser sends this site no cookies, so nobody can be sure that it was you. Please allow them."
)


def is_forged(request: HttpRequest) -> bool:
    """Whether a request that writes has no valid token of this browser's."""
    middleware = CsrfViewMiddleware(lambda request: HttpResponse())
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    middleware.process_request(request)
    return middleware.process_view(request, None, (), {}) is not None  # type: ignore[arg-type]


def is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very site sent the request.

    No other site can make a browser say so. It does not replace the token, which programs can't do without;
    but where the token is only out of date, the words that come with it are the reader's own.
    """
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if origin := request.headers.get("Origin"):
        return origin in own
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return False
    return f"{page.scheme}://{page.netloc}" in own


def out_of_date(request: HttpRequest, message: str) -> CommentError:
    """The refusal of a form with an old token. message: for a browser that has a new one by now."""
    return CommentError(403, "out_of_date", message if has_cookie(request) else NO_COOKIE)


def has_cookie(request: HttpRequest) -> bool:
    """Whether the browser sent a token at all: one that keeps no cookies does not."""
    return settings.CSRF_COOKIE_NAME in request.COOKIES
