"""Presence and typing become true again when a process dies with all its readers."""

from __future__ import annotations

import asyncio

import pytest

from tests.faults.conftest import NewCluster
from tests.faults.crowd import name
from tests.faults.figures import Spread
from tests.faults.hurry import promised
from tests.faults.notes import Note
from tests.realtime.client import Reader
from tests.realtime.scene import scene_of

NAMED, ANONYMOUS = 40, 60
OBSERVERS = [name(number) for number in range(NAMED, NAMED + 5)]


@pytest.mark.promise(14)
@pytest.mark.thorough
@scene_of(480)
async def test_a_process_that_holds_100_readers_is_killed(new_cluster: NewCluster, notes: Note) -> None:
    async with new_cluster() as cluster, cluster.stage.audience() as audience:
        here, there = (server.url for server in cluster.servers)
        readers = [audience.reader(name(number), url=there) for number in range(NAMED)]
        readers += [audience.reader(url=there) for _ in range(ANONYMOUS)]
        await asyncio.gather(*(reader.open() for reader in readers))
        observers = [await audience.join(who, url=here) for who in OBSERVERS]
        await sees_count(observers, NAMED + ANONYMOUS + len(OBSERVERS), within=promised(15))
        await readers[0].send({"type": "typing"})
        await sees_typists(observers, 1, within=promised(5))

        await asyncio.to_thread(cluster.servers[1].kill)
        notes.recovery, _ = await asyncio.gather(
            sees_count(observers, len(OBSERVERS), within=promised(15)),
            sees_typists(observers, 0, within=promised(6)),
        )
        assert {member["name"] for member in observers[0].of_type("presence")[-1]["members"]} == set(
            OBSERVERS
        )


async def sees_count(observers: list[Reader], count: int, within: float) -> Spread:
    """Wait until all see that many readers; returns the seconds that it took each."""
    clock = asyncio.get_running_loop().time
    begun = clock()

    async def sees(reader: Reader) -> float:
        await reader.until(lambda: [f["count"] for f in reader.of_type("presence")[-1:]] == [count], within)
        return clock() - begun

    return Spread.of(await asyncio.gather(*map(sees, observers)))


async def sees_typists(observers: list[Reader], count: int, within: float) -> None:
    async def sees(reader: Reader) -> None:
        await reader.until(lambda: [f["count"] for f in reader.of_type("typing")[-1:]] == [count], within)

    await asyncio.gather(*map(sees, observers))
