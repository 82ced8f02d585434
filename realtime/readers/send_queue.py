"""Frames on their way to one socket, and the promise that a slow one makes nobody wait."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from realtime.frames import Prepared as Prepared
from realtime.frames import batched as batched
from realtime.readers.window import Window

logger = logging.getLogger(__name__)

Send = Callable[[Mapping[str, Any]], Awaitable[None]]

LIMIT = 256 * 1024  # bytes that may wait for a slow reader, besides the 64 KiB that the transport holds
LARGEST_BATCH = 64 * 1024  # bytes of the frames that go out as one array
NORMAL = 1000  # RFC 6455's close code that every server can send

# A server may put {"write": f, "abort": f, "on_shutdown": f} into scope["extensions"] under this name.
# `write` takes a whole frame of RFC 6455 and puts it on the transport at once, or returns False and takes
# nothing; `abort` drops the connection; `on_shutdown` is given what to call when the server stops. Everything
# works without it, at the price of a task switch and the framing for each socket.
PREPARED = "comments.prepared"


class Outbox:
    """The sending side of one socket. `write` never waits; what the peer can't take yet waits within LIMIT.

    send: the ASGI send. extension: the server's PREPARED extension, if it has one. batches: whether the peer
    takes arrays. on_overflow: called once when more than LIMIT bytes wait. window: holds frames back where
    the server's `send` does not wait for the peer.
    """

    __slots__ = (
        "_abort",
        "_closed",
        "_drainer",
        "_on_overflow",
        "_overflowed",
        "_queue",
        "_send",
        "_size",
        "_window",
        "_write",
        "batches",
    )

    def __init__(
        self,
        send: Send,
        extension: Mapping[str, Any] | None,
        *,
        batches: bool,
        on_overflow: Callable[[], None],
        window: Window | None = None,
    ) -> None:
        self.batches = batches
        self._send = send
        self._write: Callable[[bytes], bool] | None = extension["write"] if extension else None
        self._abort: Callable[[], None] | None = extension["abort"] if extension else None
        self._on_overflow = on_overflow
        self._window = window
        self._queue: deque[Prepared] = deque()
        self._size = 0
        self._drainer: asyncio.Task[None] | None = None
        self._closed = self._overflowed = False

    def write(self, frame: Prepared) -> None:
        """Send a frame now, or as soon as the peer can take it."""
        if self._closed or self._overflowed:
            return
        if self._drainer is None and self._write is not None and self._write(frame.wire):
            return
        if self._size + len(frame.payload) > LIMIT and not self._make_room(frame):
            return
        self._queue.append(frame)
        self._size += len(frame.payload)
        if self._drainer is None:
            self._drainer = asyncio.get_running_loop().create_task(self._drain())

    async def close(self, last: Prepared, code: int, reason: str, patience: float) -> None:
        """Send what waits and a last frame, then close; after `patience` seconds drop the connection."""
        if self._closed:
            return
        self._closed = True
        try:
            async with asyncio.timeout(patience):
                if self._drainer is not None:
                    await self._drainer
                await self._send({"type": "websocket.send", "text": last.text})
                await self._send_close(code, reason)
        except TimeoutError:
            self.abort()
            await self._close_unheard(patience)
        except OSError:
            pass  # the peer has gone already: what ASGI has a server raise then
        except Exception as error:  # another server, another way to say it; but it must not go unseen
            logger.warning("a socket could not be closed with %d: %r", code, error)

    async def _close_unheard(self, patience: float) -> None:
        """Where there is no way to abort: say nothing more, and leave the rest to the server's time limit."""
        if self._abort is None:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(patience):
                    await self._send({"type": "websocket.close", "code": NORMAL})

    async def _send_close(self, code: int, reason: str) -> None:
        try:
            await self._send({"type": "websocket.close", "code": int(code), "reason": reason})
        except OSError:
            raise
        except Exception:  # Daphne's library sends 1000 and private codes only; `last` named the right one
            await self._send({"type": "websocket.close", "code": NORMAL})

    def discard(self) -> None:
        """Forget what waits: the socket is gone."""
        self._closed = True
        self._forget()

    def abort(self) -> None:
        """Drop the connection with what it still holds."""
        self.discard()
        if self._abort is not None:
            self._abort()

    def _make_room(self, frame: Prepared) -> bool:
        """Shed fleeting frames; False if this one can't be queued all the same."""
        kept = deque(waiting for waiting in self._queue if not waiting.fleeting)
        self._queue, self._size = kept, sum(len(waiting.payload) for waiting in kept)
        if self._size + len(frame.payload) <= LIMIT:
            return True
        if not frame.fleeting:
            self._forget()
            self._overflowed = True
            self._on_overflow()
        return False

    def _forget(self) -> None:
        self._queue.clear()
        self._size = 0
        if self._window is not None:
            self._window.open()  # for what is still said, and the drainer ends

    async def _drain(self) -> None:
        try:
            while await self._may_send():
                frame = self._next_batch()
                await self._send({"type": "websocket.send", "text": frame.text})
                if self._window is not None:
                    self._window.sent(len(frame.payload))
        except Exception as error:
            self.discard()  # the peer has gone; its consumer learns that by itself
            if not isinstance(error, OSError):
                logger.warning("a frame could not be sent: %r", error)
        finally:
            self._drainer = None

    async def _may_send(self) -> bool:
        """Whether there is something to send, once the peer has room for it."""
        if self._queue and self._window is not None:
            await self._window.wait()
        return bool(self._queue)

    def _next_batch(self) -> Prepared:
        batch = [self._queue.popleft()]
        size = len(batch[0].payload)
        while self.batches and self._queue and size + len(self._queue[0].payload) <= LARGEST_BATCH:
            batch.append(self._queue.popleft())
            size += len(batch[-1].payload)
        self._size -= size
        return batched(batch)
