"""A proxy as offices have them: it reads HTTP, and may refuse WebSockets or hold answers back until they end.

It runs on a thread of its own, so that tests in a browser can use it as well as those on an event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto

from tests.services.ports import free_port

CHUNK = 65_536  # bytes
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Mode(Enum):
    """What the proxy does with upgrades to WebSockets and with answers that take long."""

    PASS = auto()  # it lets everything through
    REFUSE = auto()  # it answers 403 to an upgrade
    STRIP = auto()  # it removes the headers of the upgrade, and the site sees a plain request
    SWALLOW = auto()  # it never answers an upgrade
    BUFFER = auto()  # it refuses upgrades, and hands an answer on only when the answer is complete


@dataclass(frozen=True)
class Request:
    """One request that came through, and the proxy's mode at that time."""

    method: str
    path: str
    upgrade: bool
    mode: Mode


class HttpProxy:
    """Stands in front of a port of this machine, and serves one request per connection.

    target: the port. It is set after the proxy has started, so that a site can be told the proxy's address,
    and before the first request.
    mode: may be changed at any time, and applies to requests that come from then on.
    requests: those that came, in order.
    """

    def __init__(self) -> None:
        self.target = 0
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.mode = Mode.PASS
        self.requests: list[Request] = []
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.Task[None]] = set()
        self._running: list[Request] = []

    def count(self, part: str) -> int:
        """The number of requests that had this in their path."""
        return sum(part in request.path for request in list(self.requests))

    def running(self, part: str) -> int:
        """The number of requests with this in their path that have not ended."""
        return sum(part in request.path for request in list(self._running))

    def cut(self) -> None:
        """Drop every connection that is open."""
        self._loop.call_soon_threadsafe(self._drop)

    def run(self, started: threading.Event) -> None:
        """Serve until `stop`."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", self.port))
        started.set()
        self._loop.run_forever()
        server.close()
        self._drop()
        self._loop.run_until_complete(asyncio.gather(*self._open, return_exceptions=True))
        self._loop.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _drop(self) -> None:
        for task in self._open:
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        await asyncio.wait([task])
        # Tests expect peers that go away, and sites that are down.
        if task.cancelled() or task.exception() is not None:
            writer.transport.abort()
        else:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        request = self._note(head)
        self._running.append(request)
        try:
            await self._answer(request, head, reader, writer)
        finally:
            self._running.remove(request)

    async def _answer(
        self, request: Request, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if request.upgrade and request.mode in (Mode.REFUSE, Mode.BUFFER):
            writer.write(REFUSAL)
            await writer.drain()
        elif request.upgrade and request.mode is Mode.SWALLOW:
            await reader.read()  # until the client gives up
        else:
            await self._hand_on(request, head, reader, writer)

    def _note(self, head: bytes) -> Request:
        method, path, _ = head.decode("latin-1").split(" ", 2)
        upgrade = any(line.lower().startswith(b"upgrade:") for line in head.split(b"\r\n"))
        request = Request(method, path, upgrade, self.mode)
        self.requests.append(request)
        return request

    async def _hand_on(
        self, request: Request, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        there, to_site = await asyncio.open_connection("127.0.0.1", self.target)
        tunnel = request.upgrade and request.mode is Mode.PASS
        to_site.write(head if tunnel else _for_one_request(head))
        up = asyncio.ensure_future(_carry(reader, to_site))
        down = asyncio.ensure_future(_carry(there, writer, at_once=request.mode is not Mode.BUFFER))
        try:
            await asyncio.wait([up, down], return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
            down.cancel()
            to_site.transport.abort()


def _for_one_request(head: bytes) -> bytes:
    """The head without the headers for one hop; the answer then ends with the connection."""
    lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    of_a_hop = (b"connection:", b"upgrade:", b"keep-alive:", b"sec-websocket-")
    kept = [line for line in lines if not line.lower().startswith(of_a_hop)]
    return b"\r\n".join([*kept, b"Connection: close", b"", b""])


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, at_once: bool = True) -> None:
    """Pass bytes on as they come; or, if not at_once, all of them at their end."""
    kept = []
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(CHUNK):
            if at_once:
                writer.write(data)
                await writer.drain()
            else:
                kept.append(data)
        writer.write(b"".join(kept))
        await writer.drain()


@contextmanager
def http_proxy() -> Iterator[HttpProxy]:
    """Run a proxy."""
    proxy = HttpProxy()
    started = threading.Event()
    thread = threading.Thread(target=proxy.run, args=[started], name="HTTP proxy", daemon=True)
    thread.start()
    if not started.wait(30):
        raise TimeoutError("the proxy did not start")
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join(30)
