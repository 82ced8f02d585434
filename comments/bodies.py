"""How large a request about comments may be. It is measured before anything reads it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from comments.errors import CommentError

# Bytes. A form or JSON text with the longest comment has 120 kB, if each character is an emoji and is escaped
# (%F0%9F%98%80, \ud83d\ude00).
LARGEST_BODY = 262_144

View = Callable[..., HttpResponse]


def check_body(request: HttpRequest) -> None:
    """Raise CommentError 413 too_long for a body that is too large, or does not say how large it is.

    Django would read all of it, and look for a form's token in it, before a view gets to its fields.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if "HTTP_TRANSFER_ENCODING" in request.META or not length.isdecimal() or int(length[:12]) > LARGEST_BODY:
        raise CommentError(413, "too_long", "The request is too large, or does not say how large it is.")


def bounded(view: View) -> View:
    """Have a view for forms answer 413 to a body that is too large, without reading it."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            check_body(request)
        except CommentError as error:
            return refusal(error)
        return view(request, *args, **kwargs)

    return wrapper


def refusal(error: CommentError) -> HttpResponse:
    """A sentence without a page around it: a browser that goes back finds what was typed."""
    return HttpResponse(error.message, content_type="text/plain; charset=utf-8", status=error.code)
