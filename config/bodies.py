"""How large a request may be, by who sends it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_only_middleware

from comments.bodies import check_body, refusal
from comments.errors import CommentError

Handler = Callable[[HttpRequest], HttpResponseBase]


@sync_only_middleware
def only_staff_sends_much(get_response: Handler) -> Handler:
    """Refuse a large body of anybody but staff, who write articles, before a form is read for its token."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        try:
            check_body(request)
        except CommentError as error:
            if not request.user.is_staff:
                return _answer(request, error)
        return get_response(request)

    return handle


def _answer(request: HttpRequest, error: CommentError) -> HttpResponseBase:
    if not request.path_info.startswith("/api/"):
        return refusal(error)
    body = {"code": error.code, "reason": error.reason, "message": error.message}
    return JsonResponse(body, status=error.code)
