"""Small HTTP answers of the event loop's own, outside Django's views."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from comments.errors import CommentError
from realtime import protocol

PLAIN_HEADERS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>{code}</title><p>{message}\n"


async def refuse(send: Any, error: CommentError, *, is_page: bool = False) -> None:
    """Answer with an error, as the API does; or, for people, with a page of one sentence."""
    fields: dict[str, Any] = {"code": error.code, "reason": error.reason, "message": error.message}
    headers = list(PLAIN_HEADERS)
    if error.retry_after is not None:
        fields["retry_after"] = error.retry_after
        headers.append((b"retry-after", str(math.ceil(error.retry_after)).encode()))
    body, kind = protocol.encode(fields), b"application/json"
    if is_page:
        body = PAGE.format(code=error.code, message=escape(error.message)).encode()
        kind = b"text/html; charset=utf-8"
    headers += [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": error.code, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def until_gone(receive: Any) -> None:
    """Return when the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
