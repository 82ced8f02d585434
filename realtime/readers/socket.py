"""Sockets: the first of a reader's three ways, and the only one on which they are heard, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from comments.addresses import address_of
from comments.errors import CommentError
from realtime import protocol
from realtime.frames import Prepared, batched
from realtime.origin import request_of
from realtime.protocol import Bye, Close
from realtime.readers.commands import Commands
from realtime.readers.extensions import PREPARED, extension_of
from realtime.readers.limits import check_handshake
from realtime.readers.places import Way
from realtime.readers.reader import About, Reader
from realtime.readers.refusals import Refusal
from realtime.readers.send_queue import SendQueue

NORMAL = 1000  # RFC 6455's close code
FIRST_PRIVATE = 3000  # close codes from here on are free for applications (section 7.4.2)


class Socket:
    """A WebSocket as ASGI has it, around a Reader."""

    def __init__(self, scope: Mapping[str, Any], about: About, send: Any) -> None:
        self._send = send
        self._offered = scope.get("subprotocols") or []
        self._batches = protocol.SUBPROTOCOL in self._offered
        self._server = extension_of(scope, PREPARED)
        queue = SendQueue(
            self._send_frames,
            on_overflow=lambda: self.reader.close_soon(Close.TOO_SLOW, "too_slow"),
            batches=self._batches,
            write_now=self._server.get("write"),
            abort=self._server.get("abort"),
        )
        self.reader = Reader(scope, about, queue, self._say_bye, Way.SOCKET)
        self._commands = Commands(self.reader)

    async def run(self, receive: Any) -> None:
        """Serve until the connection is gone."""
        if self._server:
            self._server["on_shutdown"](self.reader.go_away)
        try:
            await self._open()
            while (message := await receive())["type"] != "websocket.disconnect":
                if message["type"] == "websocket.receive" and self.reader.closing is None:
                    await self._commands.take(message.get("text"))
        finally:
            self.reader.depart()

    async def _open(self) -> None:
        chosen = protocol.SUBPROTOCOL if self._batches else None
        await self._send({"type": "websocket.accept", "subprotocol": chosen})
        if self._offered and not self._batches:
            self.reader.close_soon(Close.VERSION_UNKNOWN, "protocol_version")
            return
        try:
            room = await self.reader.enter()
        except Refusal as refusal:
            self.reader.send_away(refusal)
            return
        for frame in self.reader.greeting(room):
            self.reader.send_queue.write(frame)
        self.reader.join()

    async def _send_frames(self, frames: Sequence[Prepared]) -> None:
        await self._send({"type": "websocket.send", "text": batched(list(frames)).text})

    async def _say_bye(self, bye: Bye) -> None:
        await self._send({"type": "websocket.send", "text": protocol.encode(bye).decode()})
        # Not every server's library can send the codes of RFC 6455 itself; the bye has named the right one.
        code = int(bye.code) if self._server or bye.code >= FIRST_PRIVATE else NORMAL
        await self._send({"type": "websocket.close", "code": code, "reason": bye.reason})


async def serve_socket(scope: Mapping[str, Any], about: About, receive: Any, send: Any) -> None:
    """Serve a reader on a socket. about: a subject's kind and key; of nothing, it says so and closes."""
    try:
        check_handshake(address_of(request_of(scope)))
    except CommentError:
        await send({"type": "websocket.close"})  # answered by 403; uvicorn logs an error for any other answer
        return
    await Socket(scope, about, send).run(receive)
