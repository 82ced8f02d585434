"""Frames for a reader over plain HTTP, until their stream takes them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from realtime.frames import Prepared
from realtime.readers.send_queue import LIMIT


class Buffer:
    """A sink that keeps frames for a stream, up to LIMIT bytes; past that the stream ends and is resumed.

    on_overflow: called when it is full.
    """

    batches = False

    def __init__(self, on_overflow: Callable[[], None]) -> None:
        self._on_overflow = on_overflow
        self._frames: list[Prepared] = []
        self._size = 0
        self._news = asyncio.Event()

    def write(self, frame: Prepared) -> None:
        if self._size + len(frame.payload) > LIMIT:
            if not frame.fleeting:
                self._on_overflow()
            return
        self._size += len(frame.payload)
        self._frames.append(frame)
        self._news.set()

    def wake(self) -> None:
        """Have `read` return, with whatever there is."""
        self._news.set()

    async def read(self, patience: float) -> list[Prepared]:
        """All frames that wait; waits for the first, at most `patience` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._news.wait()
        self._news.clear()
        frames, self._frames, self._size = self._frames, [], 0
        return frames
