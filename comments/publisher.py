"""Announcing what was committed, on the channel layer: the one place where threads and event loops meet.

An announcement is a hint. It may be late, lost or never sent; whoever listens finds the truth in the
database. So nothing here ever fails or delays the one who wrote.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import threading
from collections import deque
from typing import Any

from channels.layers import get_channel_layer

from comments.announcements import Announcement, pack
from comments.outages import unexpected

logger = logging.getLogger(__name__)

SEND_TIMEOUT = 2.0  # s for the channel layer to take one message
MAX_WAITING = 1000  # announcements, and as many about the moment; the oldest are dropped first
EXIT_GRACE = 2.0  # s that a command's process waits at its end for its last announcements


def group_of(thread_id: int) -> str:
    """The channel-layer group of everything about one thread."""
    return f"thread.{thread_id}"


PEOPLE = "people"  # the group of what concerns people, wherever they read


class Publisher:
    """Sends announcements to groups, in order, on one long-lived event loop of the process.

    That is the server's loop once something there has called `attach`; in a process without one (a
    management command) it is the loop of a thread of its own.
    """

    def __init__(self) -> None:
        self.lost = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._waiting: deque[tuple[str, dict[str, Any]]] = deque()
        self._fleeting: deque[tuple[str, dict[str, Any]]] = deque()
        self._sender: asyncio.Task[None] | None = None

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Send on this loop from now on."""
        with self._lock:
            if self._loop is not loop:
                self._loop, self._sender = loop, None

    def publish(self, group: str, announcement: Announcement, *, fleeting: bool = False) -> None:
        """Hand an announcement over, from any thread, without waiting.

        fleeting: it is about the moment (presence, typing), and lets everything else go first.
        """
        with self._lock:
            if self._loop is None or self._loop.is_closed():
                self._loop, self._sender = self._own_loop(), None
            loop = self._loop
        queue = self._fleeting if fleeting else self._waiting
        loop.call_soon_threadsafe(self._enqueue, queue, group, pack(announcement))

    def _enqueue(self, queue: deque[tuple[str, dict[str, Any]]], group: str, message: dict[str, Any]) -> None:
        if len(queue) >= MAX_WAITING:
            queue.popleft()
            self._count_loss("too many wait for the channel layer")
        queue.append((group, message))
        if self._sender is None or self._sender.done():
            self._sender = asyncio.get_running_loop().create_task(self._send_waiting())

    async def _send_waiting(self) -> None:
        layer = get_channel_layer()
        while self._waiting or self._fleeting:
            group, message = (self._waiting or self._fleeting).popleft()
            try:
                async with asyncio.timeout(SEND_TIMEOUT):
                    await layer.group_send(group, message)
            except Exception as error:  # whatever a layer raises, the announcement was only a hint
                self._count_loss(f"the channel layer did not take it: {error!r}", unexpected(error))

    def _count_loss(self, why: str, error: Exception | None = None) -> None:
        self.lost += 1
        if self.lost & (self.lost - 1) == 0:  # the 1st, 2nd, 4th, 8th …: a dead Redis must not flood the log
            logger.warning("announcement lost (%d so far): %s", self.lost, why, exc_info=error)

    def _own_loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, name="announcements", daemon=True).start()
        atexit.register(self._finish, loop)
        return loop

    def _finish(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give the last announcements of a process that ends the time to leave it."""

        if self._loop is not loop:  # a server has taken over since
            return

        async def sent() -> None:
            if self._sender is not None:
                await self._sender

        try:
            asyncio.run_coroutine_threadsafe(sent(), loop).result(EXIT_GRACE)
        except TimeoutError:
            self._count_loss("the process ended first")


publisher = Publisher()
