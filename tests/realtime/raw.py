"""A socket without a library's good manners: bytes out, bytes in."""

from __future__ import annotations

import asyncio
import base64
import os
import socket
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import cycle
from urllib.parse import urlsplit

PATIENCE = 60.0  # s
TEXT, BINARY, CONTINUED, CLOSE = 1, 2, 0, 8
NO_CODE = 1005  # stands for a close frame without one (RFC 6455, section 7.1.5)


def frame(
    payload: bytes, *, opcode: int = TEXT, fin: bool = True, rsv: int = 0, mask: bytes = b"\0\0\0\0"
) -> bytes:
    """A frame as a client sends it, by default with a mask that changes nothing (RFC 6455, section 5.2)."""
    size = len(payload)
    if size < 126:
        length = bytes((0x80 | size,))
    elif size < 65_536:
        length = b"\xfe" + struct.pack("!H", size)
    else:
        length = b"\xff" + struct.pack("!Q", size)
    masked = (
        bytes(byte ^ key for byte, key in zip(payload, cycle(mask), strict=False)) if any(mask) else payload
    )
    return bytes((fin << 7 | rsv << 4 | opcode,)) + length + mask + masked


def codes_of_closes(sent: bytes) -> set[int]:
    """The codes of the close frames among what a client sent, 1005 for one without; a server echoes them."""
    codes, place = set(), 0
    while len(sent) >= place + 2:
        size, place, opcode = sent[place + 1] & 0x7F, place + 2, sent[place] & 0xF
        if size > 125:
            digits = 2 if size == 126 else 8
            size, place = int.from_bytes(sent[place : place + digits]), place + digits
        mask, payload = sent[place : place + 4], sent[place + 4 : place + 4 + size]
        if opcode == CLOSE:
            plain = bytes(byte ^ key for byte, key in zip(payload, cycle(mask), strict=False))
            codes.add(int.from_bytes(plain[:2]) if plain else NO_CODE)
        place += 4 + size
    return codes


def handshake(url: str, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    """The request that opens a socket."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = {
        "Host": urlsplit(url).netloc,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        **(headers or {}),
    }
    head = f"GET {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode("latin-1") + b"\r\n"


class RawSocket:
    """A connection to the server, and what it answered."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def status(self) -> int:
        """The status of the answer to the handshake."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        return int(head.split()[1])

    async def texts_and_close(self) -> tuple[list[str], int | None]:
        """Every text until the server closes, and the code that it closes with."""
        texts: list[str] = []
        try:
            while True:
                opcode, payload = await asyncio.wait_for(self.read_frame(), PATIENCE)
                if opcode == CLOSE:
                    return texts, struct.unpack("!H", payload[:2])[0] if payload else 1005
                texts.append(payload.decode())
        except (asyncio.IncompleteReadError, ConnectionError):
            return texts, None

    async def read_frame(self) -> tuple[int, bytes]:
        """The next frame's opcode and payload. Raises IncompleteReadError or ConnectionError at the end."""
        first, second = await self.reader.readexactly(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", await self.reader.readexactly(8))
        return first & 0xF, await self.reader.readexactly(size)


@asynccontextmanager
async def raw_socket(url: str) -> AsyncIterator[RawSocket]:
    """Connect to the server, and say nothing yet."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        yield RawSocket(reader, writer)
    finally:
        writer.transport.abort()


async def small_socket(url: str) -> RawSocket:
    """Connect with the smallest buffer there is: what is not read stays with the server."""
    parts = urlsplit(url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.setblocking(False)
    await asyncio.get_running_loop().sock_connect(connection, (parts.hostname, parts.port))
    return RawSocket(*await asyncio.open_connection(sock=connection, limit=1024))


@asynccontextmanager
async def open_socket(
    url: str, slug: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[RawSocket]:
    """A socket that was accepted."""
    async with raw_socket(url) as socket:
        socket.send(handshake(url, f"/ws/article/{slug}/", headers))
        assert await socket.status() == 101
        yield socket
