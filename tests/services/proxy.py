"""A TCP proxy between the site and a service, which can lose what is sent without telling anybody."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.services.ports import free_port


class Proxy:
    """Carries connections to a port of this machine.

    Those that were open when `blackhole` was called stay silent for good, as when a firewall forgot them; new
    ones are silent until `heal`.
    """

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self._target = target
        self._dead = asyncio.Event()  # set for the connections of one generation

    def blackhole(self) -> None:
        self._dead.set()

    def heal(self) -> None:
        self._dead = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dead = self._dead
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(carry(reader, there_writer, dead))
                both.create_task(carry(there_reader, writer, dead))
        finally:
            writer.transport.abort()
            there_writer.transport.abort()


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, dead: asyncio.Event) -> None:
    """Pass on what comes, while the connection lives; afterwards read it and lose it."""
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            if not dead.is_set():
                writer.write(data)
                await writer.drain()
    if not dead.is_set():
        writer.transport.abort()


@asynccontextmanager
async def proxy_to(port: int) -> AsyncIterator[Proxy]:
    """A proxy that runs on this event loop."""
    proxy = Proxy(port)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", proxy.port)
    try:
        yield proxy
    finally:
        server.close()
