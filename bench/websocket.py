"""The client's side of RFC 6455, as little of it as a load client needs. No I/O."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FIN, MASKED = 0x80, 0x80
SHORT, LONG = 126, 65_536  # payload lengths where the header grows (section 5.2)


def handshake(host: str, path: str, headers: Mapping[str, str]) -> bytes:
    """Return the request that asks for a WebSocket."""
    fields = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
        **headers,
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def client_frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """Return a whole masked frame."""
    size = len(payload)
    if size < SHORT:
        header = bytes((FIN | opcode, MASKED | size))
    elif size < LONG:
        header = bytes((FIN | opcode, MASKED | 126)) + size.to_bytes(2, "big")
    else:
        header = bytes((FIN | opcode, MASKED | 127)) + size.to_bytes(8, "big")
    key = os.urandom(4)
    return header + key + _mask(payload, key)


def _mask(payload: bytes, key: bytes) -> bytes:
    size = len(payload)
    repeated = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")


class FrameReader:
    """Takes bytes as they come, gives whole messages as (opcode, payload); the rest is kept for later."""

    __slots__ = ("_message", "rest")

    def __init__(self) -> None:
        self.rest = b""
        self._message = b""  # the part that has come of a message in several frames

    def read(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield the messages that are complete now."""
        data = self.rest + data
        start, size = 0, len(data)
        while (frame := _next_frame(data, start, size)) is not None:
            first, body, start = frame
            opcode = first & 0x0F
            if opcode >= CLOSE:
                yield opcode, data[body:start]
            elif first & FIN:
                message, self._message = self._message + data[body:start], b""
                yield TEXT, message
            else:
                self._message += data[body:start]
        self.rest = data[start:]


def _next_frame(data: bytes, start: int, size: int) -> tuple[int, int, int] | None:
    """The first byte of the frame at `start`, where its payload begins and ends; None if some is missing."""
    body = start + 2
    if size < body:
        return None
    length = data[start + 1] & 0x7F
    if length >= SHORT:
        extended = 2 if length == 126 else 8
        if size < body + extended:
            return None
        length = int.from_bytes(data[body : body + extended], "big")
        body += extended
    return (data[start], body, body + length) if size >= body + length else None
