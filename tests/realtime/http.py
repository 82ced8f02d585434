"""HTTP requests that wait, without a library: a connection each, which can be lost or never read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from tests.realtime.raw import RawSocket, small_socket
from tests.realtime.stage import Stage


def request(stage: Stage, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    lines = {"Host": urlsplit(stage.url).netloc, **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1")


@asynccontextmanager
async def waiting_requests(
    stage: Stage, path: str, count: int, headers: Mapping[str, str] | None = None
) -> AsyncIterator[list[RawSocket]]:
    """That many requests of one address, each on a connection that is lost in the end."""
    parts = urlsplit(stage.url)
    async with contextlib.AsyncExitStack() as stack:
        sockets = []
        for _ in range(count):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            stack.callback(writer.transport.abort)
            sockets.append(RawSocket(reader, writer))
            sockets[-1].send(request(stage, path, headers))
        yield sockets


async def socket_that_never_reads(stage: Stage, opening: bytes) -> RawSocket:
    """A connection with the smallest buffer there is, whose owner reads an answer's head and nothing more."""
    slow = await small_socket(stage.url)
    slow.send(opening)
    return slow
