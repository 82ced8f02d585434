"""Which browsers may open a socket, and whose cookies count: those on this site's own pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.utils.http import is_same_domain

Application = Callable[[Mapping[str, Any], Any, Any], Awaitable[None]]

SCHEMES = {"ws": "http", "wss": "https"}


def request_of(scope: Mapping[str, Any]) -> ASGIRequest:
    """A handshake or a request as Django sees it, without its query and its body."""
    scheme = scope.get("scheme", "http")
    return ASGIRequest(
        {
            **scope,
            "method": scope.get("method", "GET"),
            "scheme": SCHEMES.get(scheme, scheme),
            "query_string": b"",
            "headers": [(name, value) for name, value in scope["headers"] if name != b"content-type"],
        },
        BytesIO(),
    )


def is_turned_away(request: HttpRequest) -> bool:
    """Whether Django's middleware would answer: to another host, or over http where the site has https."""
    try:
        request.get_host()
    except DisallowedHost:
        return True
    return SecurityMiddleware(_answers_nothing).process_request(request) is not None


def _answers_nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def is_own(origin: str, request: HttpRequest) -> bool:
    """Whether an Origin header is this site's, as Django's CSRF check has it: scheme, host and port alike.

    That is the origin of the request's own host, if ALLOWED_HOSTS has it, or one of CSRF_TRUSTED_ORIGINS.
    """
    origin = origin.lower()
    try:
        if origin == f"{'https' if request.is_secure() else 'http'}://{request.get_host().lower()}":
            return True
    except DisallowedHost:
        pass
    return any(_matches(origin, trusted.lower()) for trusted in settings.CSRF_TRUSTED_ORIGINS)


def _matches(origin: str, trusted: str) -> bool:
    if "*" not in trusted:
        return origin == trusted
    try:
        scheme, host, *_ = urlsplit(origin)
    except ValueError:
        return False
    pattern = urlsplit(trusted)
    return scheme == pattern.scheme and is_same_domain(host, pattern.netloc.lstrip("*"))


def shows_cookies(request: ASGIRequest) -> bool:
    """Whether the cookies of a handshake or a request count: those that a page of ours sent.

    Browsers name the page's origin in every handshake, so one without it comes from no browser. In a request
    that can only read they do not name it where it is the site's own.
    """
    origin = request.headers.get("Origin")
    return bool(request.scope["type"] == "http") if origin is None else is_own(origin, request)


class OwnOriginOnly:
    """Refuses, with 403 at the handshake, a browser on somebody else's page, whatever else it carries.

    And whoever names a host that is not the site's, or comes without TLS where the site has it.

    A handshake without Origin comes from no browser, and so carries nobody's cookies by accident.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        request = request_of(scope)
        origin = request.headers.get("Origin")
        if not is_turned_away(request) and (origin is None or is_own(origin, request)):
            await self.application(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})
