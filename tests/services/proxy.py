"""A TCP proxy of the tests' own, which carries connections to ports, and delays, loses or cuts them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal

from tests.services.ports import free_port

Way = Literal["up", "down"]  # to the server, to the client
HIGH_WATER = 65_536  # bytes that may wait for one peer before the proxy stops reading from the other


class Proxy:
    """Carries connections to ports of this machine, in turn; a port that refuses is passed over.

    After `blackhole` or `mute`, connections that were open stay lost for good, as when a firewall forgot
    them; new ones are lost until `heal`.

    delay: seconds that everything takes longer, each way. connections: the number that there have been.
    """

    def __init__(self, *targets: int) -> None:
        self.port = free_port()
        self.targets = list(targets)
        self.delay = 0.0
        self.connections = 0
        self._turn = itertools.count()
        self._lost: frozenset[Way] = frozenset()  # the ways on which new connections lose everything
        self._links: set[Link] = set()

    def blackhole(self) -> None:
        """Lose everything, both ways, without telling either peer."""
        self._lose("up", "down")

    def mute(self) -> None:
        """Lose what the server sends; what clients send arrives."""
        self._lose("down")

    def heal(self) -> None:
        """Carry new connections again."""
        self._lost = frozenset()

    def cut(self) -> int:
        """Reset every connection; returns how many there were."""
        links = list(self._links)
        for link in links:
            link.abort()
        return len(links)

    def _lose(self, *ways: Way) -> None:
        self._lost = frozenset(ways)
        for link in self._links:
            link.lost |= self._lost

    def accept(self) -> End:
        """The protocol of a new connection, as `create_server` wants it."""
        self.connections += 1
        link = Link(self._lost, lambda: self.delay, on_end=lambda: self._links.discard(link))
        self._links.add(link)
        first = next(self._turn)
        turns = [self.targets[(first + n) % len(self.targets)] for n in range(len(self.targets))]
        link.opening = asyncio.get_running_loop().create_task(link.open(turns))
        return link.client


class Link:
    """One connection, both its ends."""

    def __init__(self, lost: frozenset[Way], delay: Callable[[], float], on_end: Callable[[], None]) -> None:
        self.lost = lost
        self.delay = delay
        self.client, self.server = End(self, "up"), End(self, "down")
        self.client.other, self.server.other = self.server, self.client
        self.opening: asyncio.Task[None] | None = None
        self._on_end = on_end

    async def open(self, ports: list[int]) -> None:
        loop = asyncio.get_running_loop()
        for port in ports:
            try:
                await loop.create_connection(lambda: self.server, "127.0.0.1", port)
            except OSError:
                continue
            return
        self.abort()

    def abort(self) -> None:
        self._on_end()
        for end in (self.client, self.server):
            if end.transport is not None:
                end.transport.abort()


class End(asyncio.Protocol):
    """One end of a connection; all that it receives goes to the other end."""

    other: End

    def __init__(self, link: Link, way: Way) -> None:
        self.transport: asyncio.Transport | None = None
        self._link = link
        self._way = way  # on which its data goes
        self._waiting: list[bytes] = []  # until the other end is there
        self._ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(HIGH_WATER)
        waiting, self.other._waiting = self.other._waiting, []
        for data in waiting:
            transport.write(data)
        if self.other._ended:
            transport.close()

    def data_received(self, data: bytes) -> None:
        if self._way in self._link.lost:
            return
        if delay := self._link.delay():
            asyncio.get_running_loop().call_later(delay, self._pass_on, data)
        else:
            self._pass_on(data)

    def eof_received(self) -> bool:
        return False  # close both sides: none of our peers sends on after the other has ended

    def connection_lost(self, error: Exception | None) -> None:
        self._ended = True
        if self._way in self._link.lost:
            return  # neither peer is told
        if error is not None:
            self._link.abort()
        elif delay := self._link.delay():
            asyncio.get_running_loop().call_later(delay, self._end_other)
        else:
            self._end_other()

    def pause_writing(self) -> None:
        if self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other.transport is not None:
            self.other.transport.resume_reading()

    def _pass_on(self, data: bytes) -> None:
        if self.other.transport is None:
            self._waiting.append(data)
        else:
            self.other.transport.write(data)

    def _end_other(self) -> None:
        self._link._on_end()
        if self.other.transport is not None:
            self.other.transport.close()


@asynccontextmanager
async def proxy_to(*ports: int) -> AsyncIterator[Proxy]:
    """A proxy that runs on this event loop."""
    proxy = Proxy(*ports)
    server = await asyncio.get_running_loop().create_server(
        proxy.accept, "127.0.0.1", proxy.port, backlog=2048
    )
    try:
        yield proxy
    finally:
        server.close()
        proxy.cut()
