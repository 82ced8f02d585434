"""The pages for what is not there, and what somebody may not see."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.views import defaults

Handler = Callable[[HttpRequest, Exception], HttpResponse]


def _leaving_nothing_open(handler: Handler) -> Handler:
    """Close the connections that the handler opened.

    Under ASGI Django calls it in a thread that no end of a request looks after, and the page asks the
    database who is logged in: the connection would stay open for as long as the process lives.
    """

    def handle(request: HttpRequest, exception: Exception) -> HttpResponse:
        open_before = [each for each in connections.all(initialized_only=True) if each.connection is not None]
        try:
            return handler(request, exception)
        finally:
            for each in connections.all(initialized_only=True):
                if each not in open_before:
                    each.close()

    return handle


not_found = _leaving_nothing_open(defaults.page_not_found)
forbidden = _leaving_nothing_open(defaults.permission_denied)
