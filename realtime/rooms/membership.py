"""This process's membership in groups of the channel layer, which may fail, hang, or fall silent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from channels.layers import get_channel_layer

from realtime.database import log_failure

logger = logging.getLogger(__name__)

Message = dict[str, Any]

CALL_TIMEOUT = 2.0  # s for one call of the layer
FLUSH_TIMEOUT = 6.0  # s: it waits for calls that hang themselves
BEGIN_AGAIN_AFTER = 1.0  # s
TURN = 64  # messages handled before other tasks of the loop get a turn


class Membership:
    """One channel for the whole process, a member of every group that is read here.

    on_message: called with each message. on_begun: awaited whenever there is a new channel, which is a member
    of nothing yet. silent_after: seconds without an echo of our own messages after which the layer lost us.
    """

    def __init__(
        self,
        *,
        on_message: Callable[[Message], None],
        on_begun: Callable[[], Awaitable[None]],
        silent_after: float,
    ) -> None:
        self._on_message = on_message
        self._on_begun = on_begun
        self._silent_after = silent_after
        self._loop = asyncio.get_running_loop()
        self._channel: str | None = None
        self._groups: set[str] = set()
        self._echoed_at = self._begun_at = self._loop.time()
        self._receiving = self._loop.create_task(self._keep_receiving())

    def __contains__(self, group: str) -> bool:
        return group in self._groups

    async def join(self, group: str) -> bool:
        """Become a member of a group; returns whether the layer took it. It may be tried again."""
        if self._channel is None:
            return False
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                await get_channel_layer().group_add(group, self._channel)
        except Exception as error:  # whatever a layer raises: delivery goes on by the heads
            log_failure(f"no membership in {group}", error)
            return False
        self._groups.add(group)
        return True

    async def leave(self, group: str) -> None:
        """End a membership; one that could not be ended only costs messages that nobody reads."""
        self._groups.discard(group)
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                await get_channel_layer().group_discard(group, self._channel)
        except Exception as error:  # whatever a layer raises
            log_failure(f"still a member of {group}", error)

    def echoed(self) -> None:
        """A message of our own came back, or there was none that could."""
        self._echoed_at = self._loop.time()

    def is_silent(self, now: float) -> bool:
        """Whether the layer has lost us: it failed, or its connection is dead and nobody told."""
        return now - self._echoed_at >= self._silent_after

    def begin_again_if_silent(self, now: float) -> None:
        """Give up connections that may be dead. They would keep us waiting for many minutes."""
        if self.is_silent(now) and now - self._begun_at >= self._silent_after:
            logger.warning("the channel layer is silent; beginning again with it")
            self._begun_at = now
            self._receiving.cancel()
            self._receiving = self._loop.create_task(self._begin_again())

    async def _begin_again(self) -> None:
        await self._flush(get_channel_layer())
        await self._keep_receiving()

    async def _keep_receiving(self) -> None:
        layer = get_channel_layer()
        while True:
            self._begun_at = self._loop.time()
            try:
                async with asyncio.timeout(CALL_TIMEOUT):
                    self._channel = await layer.new_channel()
                await self._on_begun()
                await self._receive(layer, self._channel)
            except Exception as error:  # whatever a layer raises, the heads go on without it
                log_failure("the channel layer is out of reach", error)
            await asyncio.sleep(BEGIN_AGAIN_AFTER)
            await self._flush(layer)

    async def _receive(self, layer: Any, channel: str) -> None:
        handled = 0
        while True:
            message = await layer.receive(channel)
            try:
                self._on_message(message)
            except Exception:  # one announcement must not keep the next ones from the readers
                logger.exception("an announcement could not be taken")
            handled += 1
            if handled % TURN == 0:
                await asyncio.sleep(0)

    async def _flush(self, layer: Any) -> None:
        """Drop what the layer holds: connections that may be dead, and queues that nobody reads any more."""
        self._channel = None
        self._groups.clear()
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                await layer.flush()
        except Exception as error:  # whatever a layer raises, beginning anew is tried all the same
            log_failure("the channel layer could not be flushed", error)
