"""Small HTTP answers of the event loop's own, outside Django's views."""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Mapping
from typing import Any

from comments.errors import CommentError
from realtime import protocol

PLAIN_HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]

# A server may put {"abort": f, "on_shutdown": f} into an HTTP request's scope["extensions"] under this name.
# `abort` drops the connection with what it still holds; `on_shutdown` is given what to call when the server
# stops, or has begun to. Without it, what answers for minutes ends when the server cuts it off.
CONNECTION = "comments.connection"
VIEW = re.compile(rb"(?:^|&)reader=([A-Za-z0-9_-]{8,64})(?:&|$)")


def connection_of(scope: Mapping[str, Any]) -> Mapping[str, Any]:
    """The server's CONNECTION extension, or one that does nothing."""
    extensions = scope.get("extensions") or {}
    return extensions.get(CONNECTION) or {"abort": lambda: None, "on_shutdown": lambda call: None}


def view_of(query_string: bytes) -> str:
    """The id that a page gave its view; a random one where it gave none, or junk."""
    given = VIEW.search(query_string)
    return given[1].decode() if given else secrets.token_urlsafe(12)


async def refuse(send: Any, error: CommentError) -> None:
    """Answer with an error, as the API does."""
    body: dict[str, Any] = {"code": error.code, "reason": error.reason, "message": error.message}
    headers = [(b"content-type", b"application/json"), *PLAIN_HEADERS]
    if error.retry_after is not None:
        body["retry_after"] = error.retry_after
        headers.append((b"retry-after", str(math.ceil(error.retry_after)).encode()))
    await send({"type": "http.response.start", "status": error.code, "headers": headers})
    await send({"type": "http.response.body", "body": protocol.encode(body)})


async def until_gone(receive: Any) -> None:
    """Return when the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
