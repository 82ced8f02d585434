"""How much a peer may be sent ahead of what it has read, where the server itself never says stop."""

from __future__ import annotations

import asyncio
from collections import deque

# Bytes. With the frame that fills it up, which is 64 KiB long or a little more, and the 256 KiB that wait in
# the outbox, it is less than 1 MiB a socket.
SIZE = 640 * 1024


class Window:
    """The frames that are on the way to a peer. Daphne takes any number of them, and holds them in memory.

    A client says in its pings how many frames it has received. One whose pings leave that out is believed to
    have read everything when it pings. What it sends besides tells nothing: it may write without reading.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._on_the_way: deque[int] = deque()  # bytes of each frame, the oldest first
        self._bytes = 0
        self._received = 0  # frames
        self._counts = False
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def wait(self) -> None:
        """Return when more may be sent."""
        await self._has_room.wait()

    def sent(self, size: int) -> None:
        """A frame of so many bytes left."""
        self._on_the_way.append(size)
        self._bytes += size
        if self._bytes >= self._size:
            self._has_room.clear()

    def pinged(self, received: int | None) -> None:
        """The peer pings; received: how many frames it says have come on this socket, None if it does not."""
        if received is not None:
            self._counts = True
            self._confirm(min(received - self._received, len(self._on_the_way)))
        elif not self._counts:
            self._confirm(len(self._on_the_way))

    def open(self) -> None:
        """Hold nothing back any more: the socket is about to close."""
        self._size = 2**63
        self._has_room.set()

    def _confirm(self, frames: int) -> None:
        for _ in range(frames):
            self._bytes -= self._on_the_way.popleft()
            self._received += 1
        if self._bytes < self._size:
            self._has_room.set()
