"""Frames that wait for one reader on the server, and the promise that a slow one makes nobody wait."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from realtime.frames import Prepared, array_size

logger = logging.getLogger(__name__)

LIMIT = 256 * 1024  # bytes that may wait for a slow reader, besides the 64 KiB that the transport holds
LARGEST_BATCH = 64 * 1024  # bytes of the frames that go out together, as one array: Daphne sends no more

# What servers raise where the peer has gone (as ASGI has it), or where they closed the connection themselves.
CLOSED = (OSError, RuntimeError)

SendFrames = Callable[[Sequence[Prepared]], Awaitable[None]]


class SendQueue:
    """The sending side of one reader. `write` never waits; what can't go out yet waits within LIMIT.

    send: sends frames, and returns when the peer can take more. on_overflow: called once when more than LIMIT
    bytes wait. batches: whether the peer takes several frames as one array. gathers: whether `send` is given
    several at once; by default where the peer takes batches. write_now: puts a whole frame on the transport,
    or returns False and takes nothing. abort: drops the connection with what it still holds.
    """

    __slots__ = (
        "_abort",
        "_closed",
        "_drainer",
        "_gathers",
        "_on_overflow",
        "_queue",
        "_send",
        "_size",
        "_write_now",
        "batches",
    )

    def __init__(
        self,
        send: SendFrames,
        *,
        on_overflow: Callable[[], None],
        batches: bool = False,
        gathers: bool | None = None,
        write_now: Callable[[bytes], bool] | None = None,
        abort: Callable[[], None] | None = None,
    ) -> None:
        self.batches = batches
        self._gathers = batches if gathers is None else gathers
        self._send = send
        self._on_overflow = on_overflow
        self._write_now = write_now
        self._abort = abort
        self._queue: deque[Prepared] = deque()
        self._size = 0
        self._drainer: asyncio.Task[None] | None = None
        self._closed = False

    def write(self, frame: Prepared) -> None:
        """Send a frame now, or as soon as the peer can take it."""
        if self._closed:
            return
        if self._drainer is None and self._write_now is not None and self._write_now(frame.wire):
            return
        if self._size + len(frame.payload) > LIMIT and not self._make_room(frame):
            return
        self._queue.append(frame)
        self._size += len(frame.payload)
        if self._drainer is None:
            self._drainer = asyncio.get_running_loop().create_task(self._drain())

    async def close(self, say_last: Callable[[], Awaitable[None]], patience: float) -> None:
        """Send what waits, then the last words; after `patience` seconds drop the connection."""
        self._closed = True
        try:
            async with asyncio.timeout(patience):
                if self._drainer is not None:
                    await self._drainer
                await say_last()
        except TimeoutError:
            self.discard()
            if self._abort is not None:
                self._abort()
        except CLOSED as error:
            logger.debug("the last words came too late: %s", error)

    def discard(self) -> None:
        """Forget what waits, and take nothing more: the peer has gone."""
        self._closed = True
        self._queue.clear()
        self._size = 0

    def _make_room(self, frame: Prepared) -> bool:
        """Shed fleeting frames; False if this one can't be queued all the same."""
        self._queue = deque(waiting for waiting in self._queue if not waiting.fleeting)
        self._size = sum(len(waiting.payload) for waiting in self._queue)
        if self._size + len(frame.payload) <= LIMIT:
            return True
        if not frame.fleeting:
            self.discard()
            self._on_overflow()
        return False

    async def _drain(self) -> None:
        try:
            while self._queue:
                await self._send(self._next_frames())
        except CLOSED as error:
            self.discard()  # the reader learns by itself that the peer has gone
            logger.debug("frames came too late: %s", error)
        finally:
            self._drainer = None

    def _next_frames(self) -> list[Prepared]:
        frames = [self._queue.popleft()]
        size = len(frames[0].payload)
        while self._gathers and self._queue:
            if array_size(size + len(self._queue[0].payload), len(frames) + 1) > LARGEST_BATCH:
                break
            frames.append(self._queue.popleft())
            size += len(frames[-1].payload)
        self._size -= size
        return frames
