"""Waits until nothing changes any more, so that clients can be compared with the database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tests.faults.verdict import Stored
from tests.realtime.client import Reader


async def when_quiet(
    read: Callable[[], Awaitable[Stored]], readers: Sequence[Reader], patience: float
) -> tuple[Stored, list[str]]:
    """Read the thread until two reads are equal and all readers came to its head in between.

    Returns the thread as stored, and a sentence for each reader who is not there after `patience` seconds.
    The caller compares before it awaits anything else. Raises AssertionError where comments keep coming:
    their writers have to end first.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + patience
    stored = await read()
    while True:
        behind = await left_behind(stored, readers, within=max(0.0, deadline - clock()))
        before, stored = stored, await read()
        if stored == before:
            return stored, behind
        assert clock() < deadline, f"comments still come after {patience:g} s: what writes them did not end"


async def left_behind(stored: Stored, readers: Sequence[Reader], within: float) -> list[str]:
    """Wait for all readers; returns a sentence for each of those who did not come to the head in time."""
    truth = stored.truth

    async def comes(reader: Reader) -> None:
        await reader.until(lambda: is_there(reader), within)

    def is_there(reader: Reader) -> bool:
        return reader.copy.epoch == truth.epoch and reader.copy.position >= truth.head

    outcomes = await asyncio.gather(*map(comes, readers), return_exceptions=True)
    return [
        f"reader {number} is at {reader.copy.position} of {truth.head}: {outcome!r}"
        for number, (reader, outcome) in enumerate(zip(readers, outcomes, strict=True))
        if outcome is not None and not is_there(reader)
    ]
