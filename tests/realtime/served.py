"""A test's own application behind our protocols, in its own process and on production's event loop."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import uvloop
from uvicorn import Config
from uvicorn.server import ServerState

from realtime.uvicorn_protocols import PreparedWebSocketProtocol, TimedHttpProtocol
from tests.realtime.raw import PATIENCE, RawSocket, raw_socket, small_socket
from tests.realtime.scene import Play

Application = Callable[[Any, Any, Any], Awaitable[None]]
KEPT = 1  # s for an idle connection
LATE = 10.0  # s for the applications of lost connections to end
HOST = b"Host: blog.example\r\n"


def on_uvloop(play: Play) -> Callable[..., None]:
    """Make a plain test of a coroutine, as `scene` does."""

    @functools.wraps(play)
    def test(*args: Any, **kwargs: Any) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(asyncio.wait_for(play(*args, **kwargs), PATIENCE))

    return test


class Served:
    """A server, and how to come to it."""

    def __init__(self, url: str, state: ServerState, lost: asyncio.Queue[None]) -> None:
        self.url = url
        self._state = state
        self._lost = lost

    @property
    def connections(self) -> int:
        return len(self._state.connections)

    async def loses_one(self) -> None:
        """Wait for a connection to be gone."""
        await asyncio.wait_for(self._lost.get(), PATIENCE)

    @property
    def waiting(self) -> int:
        """Bytes that the server holds for clients who don't read them."""
        return sum(each.transport.get_write_buffer_size() for each in self._state.connections)

    @asynccontextmanager
    async def says(self, data: bytes) -> AsyncIterator[RawSocket]:
        """A connection on which a client says this."""
        async with raw_socket(self.url) as socket:
            socket.send(data)
            yield socket

    @asynccontextmanager
    async def hears_little(self, data: bytes) -> AsyncIterator[RawSocket]:
        """The same, with the smallest buffer there is, so that the server notices who does not read."""
        socket = await small_socket(self.url)
        try:
            socket.send(data)
            yield socket
        finally:
            socket.writer.transport.abort()


@asynccontextmanager
async def served(
    application: Application,
    http: type[TimedHttpProtocol] = TimedHttpProtocol,
    ws: type[PreparedWebSocketProtocol] = PreparedWebSocketProtocol,
) -> AsyncIterator[Served]:
    """Serve an application."""
    config = Config(application, http=http, ws=ws, lifespan="off", log_level="error", ws_max_size=65_536)
    config.timeout_keep_alive = KEPT
    config.load()
    state, lost = ServerState(), asyncio.Queue[None]()

    class Watched(http):  # type: ignore[misc,valid-type]
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            lost.put_nowait(None)

    server = await asyncio.get_running_loop().create_server(
        lambda: Watched(config, state, {}), "127.0.0.1", 0
    )
    port = server.sockets[0].getsockname()[1]
    try:
        yield Served(f"http://127.0.0.1:{port}", state, lost)
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()
        if state.tasks:
            _, late = await asyncio.wait(state.tasks, timeout=LATE)
            assert not late, "an application was not told that its client is gone"


async def answer_of(socket: RawSocket) -> tuple[int, bytes]:
    """The status and the body of an answer."""
    head = await asyncio.wait_for(socket.reader.readuntil(b"\r\n\r\n"), PATIENCE)
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    return int(head.split()[1]), await asyncio.wait_for(socket.reader.readexactly(length), PATIENCE)


async def is_closed(socket: RawSocket) -> bool:
    """Wait for the server to end the connection; whatever it still says is thrown away."""
    with suppress(ConnectionError):
        await asyncio.wait_for(socket.reader.read(), PATIENCE)
    return True
