"""Calling Django's synchronous code from the event loop, in threads whose number is bounded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import DatabaseSyncToAsync

from comments.outages import unexpected

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

# Commands of readers share one set of threads, the hub's own reads another, so that a flood of the first
# can't delay delivery. Together they bound the database connections that a process holds for its readers.
# The cache has a thread of its own: one that hangs must keep nobody from the database.
COMMAND_THREADS = 8
COMMANDS = ThreadPoolExecutor(COMMAND_THREADS, "commands")
REPAIRS = ThreadPoolExecutor(2, "repairs")
NOTES = ThreadPoolExecutor(1, "notes")
PATIENCE = 20.0  # s for an answer; a database that is out of reach may never give one


async def run_command(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what a reader asked for."""
    return await _run(COMMANDS, call, *args, **kwargs)


async def run_repair(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a read of the hub's."""
    return await _run(REPAIRS, call, *args, **kwargs)


async def run_note(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what only tells the cache something."""
    return await _run(NOTES, call, *args, **kwargs)


async def _run(pool: ThreadPoolExecutor, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Raises TimeoutError after PATIENCE; what the thread does meanwhile is not undone."""
    async with asyncio.timeout(PATIENCE):
        result: R = await DatabaseSyncToAsync(call, thread_sensitive=False, executor=pool)(*args, **kwargs)
    return result


def log_failure(what: str, error: Exception) -> None:
    """Note that something failed: an outage in one line, a bug with its traceback."""
    if unexpected(error) is None:
        logger.warning("%s: %r", what, error)
    else:
        logger.error("%s: %r", what, error, exc_info=error)
