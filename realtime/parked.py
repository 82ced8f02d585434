"""A reader over plain HTTP, as the room sees it: frames wait in a buffer until its stream takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from comments.authors import Author
from realtime.identity import Credentials
from realtime.outbox import LIMIT, Prepared
from realtime.protocol import Close


class Buffer:
    """A sink that keeps frames for a stream, up to LIMIT bytes; past that the stream ends and is resumed.

    on_overflow: called when it is full.
    """

    batches = False

    def __init__(self, on_overflow: Callable[[], None]) -> None:
        self._on_overflow = on_overflow
        self._frames: asyncio.Queue[Prepared] = asyncio.Queue()
        self._size = 0

    def write(self, frame: Prepared) -> None:
        if self._size + len(frame.payload) > LIMIT:
            if not frame.fleeting:
                self._on_overflow()
            return
        self._size += len(frame.payload)
        self._frames.put_nowait(frame)

    async def read(self) -> list[Prepared]:
        """All frames that wait; waits for the first."""
        frames = [await self._frames.get()]
        while not self._frames.empty():
            frames.append(self._frames.get_nowait())
        self._size = 0
        return frames


class ParkedReader:
    """A subscriber that never sends a frame, and so can't fall silent.

    on_close: called when the room sends it away, with the code and the reason.
    """

    heard_at = float("inf")

    def __init__(
        self,
        outbox: Buffer,
        on_close: Callable[[Close, str], None],
        author: Author | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self.outbox = outbox
        self.author = author
        self.credentials = credentials or Credentials()
        self._on_close = on_close

    def close_soon(self, code: Close, reason: str) -> None:
        self._on_close(code, reason)

    def recognise(self, author: Author | None) -> None:
        """It can write nothing here; who it is matters to its next request."""
