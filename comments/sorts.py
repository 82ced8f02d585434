"""The order in which a reader wants conversations, which a cookie keeps; page/sorts.js sets the same."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from comments.queries import SORTS

SORT_COOKIE = "comments_sort"
SORT_COOKIE_AGE = 365 * 24 * 3600  # s
DEFAULT = "newest"


def sort_of(request: HttpRequest) -> str:
    """The sort that the address asks for, else the reader's own."""
    asked = (request.GET.get("sort"), request.COOKIES.get(SORT_COOKIE), DEFAULT)
    return next(sort for sort in asked if sort in SORTS)


def keep_sort(response: HttpResponse, sort: str) -> None:
    """Have the browser remember an order. Scripts may read it: it is no secret, and they change it."""
    response.set_cookie(
        SORT_COOKIE,
        sort,
        max_age=SORT_COOKIE_AGE,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
