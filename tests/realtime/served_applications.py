"""The smallest applications that show how a server treats its clients."""

from __future__ import annotations

from typing import Any

PIECE, PIECES = b"x" * 65_536, 300  # 20 MB: more than the system's buffers on the way hold


async def greet(scope: Any, receive: Any, send: Any) -> None:
    """Take the whole request, then say hello, as Django does."""
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] == "http.request":
        await say(send, b"hello")


async def never(scope: Any, receive: Any, send: Any) -> None:
    """Answer nothing until the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def accept(scope: Any, receive: Any, send: Any) -> None:
    """Take a socket, and listen."""
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def say(send: Any, body: bytes) -> None:
    """A short answer."""
    length = str(len(body)).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
    await send({"type": "http.response.body", "body": body})


async def say_enough(scope: Any, receive: Any, send: Any) -> None:
    """Answer without waiting for the rest of the request."""
    await say(send, b"enough")


async def say_it_all_at_once(scope: Any, receive: Any, send: Any) -> None:
    await say(send, PIECE * PIECES)


async def say_much(scope: Any, receive: Any, send: Any) -> None:
    """An answer in pieces, as Django sends a large page."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(PIECES):
        await send({"type": "http.response.body", "body": PIECE, "more_body": True})
    await send({"type": "http.response.body"})
