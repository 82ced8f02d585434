"""Fair use of the threads that obey readers: one address never holds them all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from comments.conf import rates_are_limited
from comments.rates import network_of
from realtime.database import COMMAND_THREADS, PATIENCE, run_command

P = ParamSpec("P")
R = TypeVar("R")

AT_ONCE = COMMAND_THREADS // 2  # commands of one address; the others of that address wait for their turn


class Turns:
    """Lets `at_once` calls of each address run, the others in the order in which they came."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._wanted: dict[str, int] = {}
        self._free: dict[str, asyncio.Semaphore] = {}

    def __len__(self) -> int:
        return len(self._free)

    @asynccontextmanager
    async def turn(self, who: str) -> AsyncIterator[None]:
        """Wait for a turn, and hold it for the block."""
        free = self._free.setdefault(who, asyncio.Semaphore(self._at_once))
        self._wanted[who] = self._wanted.get(who, 0) + 1
        try:
            async with free:
                yield
        finally:
            self._wanted[who] -= 1
            if not self._wanted[who]:
                del self._wanted[who], self._free[who]


_turns = Turns()


async def run_command_of(address: str, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what a reader at this address asked for, in its turn. Raises TimeoutError after PATIENCE."""
    if not rates_are_limited():
        return await run_command(call, *args, **kwargs)
    async with asyncio.timeout(PATIENCE), _turns.turn(network_of(address)):
        return await run_command(call, *args, **kwargs)
