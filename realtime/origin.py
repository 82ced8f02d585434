"""Which browsers may open a socket: those on this site's own pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from django.conf import settings

Application = Callable[[Mapping[str, Any], Any, Any], Awaitable[None]]


def header(scope: Mapping[str, Any], name: bytes) -> str | None:
    """A header of the handshake; of several with one name, the last."""
    values = [value for key, value in scope["headers"] if key.lower() == name]
    return values[-1].decode("latin-1") if values else None


def is_own(origin: str, origins: Iterable[str]) -> bool:
    """Whether an Origin header is one of ours: scheme, host and port alike (RFC 6454, section 5)."""
    return origin.lower() in origins


class OwnOriginOnly:
    """Refuses, with 403 at the handshake, a browser on somebody else's page, whatever else it carries.

    A handshake without Origin comes from no browser, and so carries nobody's cookies by accident.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        origin = header(scope, b"origin")
        if origin is None or is_own(origin, settings.SITE_ORIGINS):
            await self.application(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})
