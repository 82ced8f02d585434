"""Small HTTP answers of the event loop's own, outside Django's views."""

from __future__ import annotations

import math
from typing import Any

from comments.errors import CommentError
from realtime import protocol

PLAIN_HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


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
