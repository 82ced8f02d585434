"""A client that sends anything, and checks that the server's answers keep to the protocol."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from contextlib import AsyncExitStack
from typing import Any

from tests.realtime.raw import CLOSE, TEXT, RawSocket, frame, open_socket

PATIENCE = 60.0  # s
PONG = 10
# From docs/protocol.md: the frames that a server sends, its reasons and its close codes, junk or not.
TYPES = {"welcome", "message", "removed", "thread", "presence", "typing", "ack", "error", "pong", "bye"}
REFUSALS = {
    400: {"bad_json", "bad_type", "bad_field"},
    401: {"login_required", "bad_token"},
    409: {"ref_conflict"},
    413: {"too_long"},
    422: {"blank", "bad_parent"},
}
BYES = {1003, 1009, 4501, 4506}
CODES = {1002, 1007} | BYES


class Peer:
    """One socket, and the frames that came on it."""

    def __init__(self, socket: RawSocket, stack: AsyncExitStack) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self.code: int | None = None
        self.over = False
        self._stack = stack
        self._stamp = 0

    @classmethod
    async def come(cls, url: str, slug: str, headers: dict[str, str]) -> Peer:
        """Open a socket, and be welcomed."""
        stack = AsyncExitStack()
        peer = cls(await stack.enter_async_context(open_socket(url, slug, headers)), stack)
        await peer.read_until(lambda: bool(peer.frames))
        assert peer.frames[0]["type"] == "welcome"
        await peer.settle()  # the error about a wrong token comes after the welcome
        return peer

    def send(self, data: bytes) -> None:
        self.socket.send(data)

    async def settle(self) -> list[dict[str, Any]]:
        """The answers to all that was sent. Afterwards the connection is either in order or over."""
        before = len(self.frames)
        self._stamp += 1
        self.send(frame(json.dumps({"type": "ping", "timestamp": self._stamp}).encode()))
        await self.read_until(lambda: self.frames[-1].get("timestamp") == self._stamp)
        return [
            said for said in self.frames[before:] if said["type"] not in ("presence", "typing", "message")
        ]

    async def read_until(self, condition: Any) -> None:
        """Read until the condition is true, or the server has closed."""
        while not (self.over or condition()):
            await asyncio.wait_for(self._read(), PATIENCE)

    async def see_the_end(self) -> None:
        """End the sending side, and read what the server still sends."""
        with contextlib.suppress(OSError):  # the server was quicker
            self.socket.writer.write_eof()
        await self.read_until(lambda: False)
        await self.leave()

    async def leave(self) -> None:
        """Lose the connection."""
        self.over = True
        await self._stack.aclose()

    async def _read(self) -> None:
        try:
            opcode, payload = await self.socket.read_frame()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.over = True
            return
        if opcode == CLOSE:
            self.code = struct.unpack("!H", payload[:2])[0] if payload else 1005
        elif opcode != PONG:
            assert opcode == TEXT
            self.frames.append(json.loads(payload))
            check(self.frames[-1])


def check(said: dict[str, Any]) -> None:
    """Fail at a frame that no client may be sent."""
    assert said["type"] in TYPES, said
    if said["type"] == "error":
        assert said["reason"] in REFUSALS.get(said["code"], ()), said
        assert said["message"], said
    if said["type"] == "bye":
        assert said["code"] in BYES, said
