"""Work that an event loop does by the way."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from realtime.database import log_failure


class Tasks:
    """Runs coroutines whose result nobody waits for; what makes one fail is logged."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()  # the loop alone would let go of them

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin with it, soon."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            log_failure(f"{task.get_coro()} failed", error)
