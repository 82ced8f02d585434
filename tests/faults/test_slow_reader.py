"""Sockets that never read are dropped, cost little until then, and slow nobody else down."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.faults.cluster import Cluster
from tests.faults.conftest import NewCluster
from tests.faults.crowd import Crowd, delays_of
from tests.faults.figures import Spread
from tests.faults.hurry import promised
from tests.faults.notes import Note
from tests.faults.verdict import Acked
from tests.realtime.http import socket_that_never_reads
from tests.realtime.raw import RawSocket, handshake
from tests.realtime.scene import scene_of
from tests.realtime.stage import Stage
from tests.realtime.test_slow_readers import was_dropped

READERS, SLOW = 60, 5
PAIRS = range(3, 6)  # pairs of stretches: more where other work on the machine disturbed the first ones
LONG = "🐌" * 5_000  # 20 kB as text, 40 kB as a frame
PER_SECOND = 12.5  # comments: 500 kB/s to each socket, for 200 fill the system's buffers in half a minute
ALONE, BESIDE = 100, 160  # comments of a stretch; 6.4 MB are more than the system's buffers on the way hold
MEBIBYTE = 2**20
NOISE = 0.01  # s by which two equal stretches differ


@pytest.mark.promise(9)
@pytest.mark.thorough
@scene_of(480)
async def test_five_sockets_that_never_read_hurt_nobody(new_cluster: NewCluster, notes: Note) -> None:
    alone, beside = [], []
    async with new_cluster(processes=1) as cluster, cluster.crowd(READERS) as crowd:
        await p99_of_a_stretch(crowd, ALONE)  # not counted: the first comments load modules and fill caches
        for pairs in range(1, PAIRS.stop):
            alone.append(await p99_of_a_stretch(crowd, ALONE))
            before = cluster.memory
            async with never_reading(cluster, crowd.audience.slug) as slow, watching(cluster) as memory:
                beside.append(await p99_of_a_stretch(crowd, BESIDE))
                assert [await was_dropped(each) for each in slow] == [True] * SLOW
            assert max(memory) - before <= SLOW * MEBIBYTE
            if pairs in PAIRS and is_no_slower(beside, alone):
                break
        notes.verdict, notes.recovery = await crowd.settle(), crowd.delays
        notes.memory = (before, max(memory))
        notes.remark = f"p99 alone {times(alone)}, beside {times(beside)} ms"

        assert notes.verdict.is_clean, notes.verdict
        assert is_no_slower(beside, alone), notes.remark


def is_no_slower(beside: list[float], alone: list[float]) -> bool:
    return statistics.median(beside) <= 1.2 * statistics.median(alone) + promised(NOISE)


async def p99_of_a_stretch(crowd: Crowd, comments: int) -> float:
    """Post for a while; returns the p99 of the seconds from a comment until a reader had it.

    It is counted from when the comment was sent, and not from its ack: what delays all readers may delay the
    ack, too.
    """
    clock, sent = asyncio.get_running_loop().time, []
    for number in range(comments):
        pace, begun = asyncio.create_task(asyncio.sleep(1 / PER_SECOND)), clock()
        ack = await crowd.post(crowd.readers[number % READERS], LONG)
        sent.append(Acked(ack["id"], ack["seq"], begun))
        await pace
    await crowd.settle()
    return Spread.of(delay for reader in crowd.readers for delay in delays_of(reader, sent)).p99


@asynccontextmanager
async def never_reading(cluster: Cluster, slug: str) -> AsyncIterator[list[RawSocket]]:
    server = Stage(cluster.servers[0])
    slow = [
        await socket_that_never_reads(server, handshake(server.url, f"/ws/article/{slug}/"))
        for _ in range(SLOW)
    ]
    for each in slow:
        assert await each.status() == 101
    yield slow


@asynccontextmanager
async def watching(cluster: Cluster) -> AsyncIterator[list[int]]:
    """The memory of the servers, looked at again and again."""
    seen = [cluster.memory]

    async def look() -> None:
        while True:
            await asyncio.sleep(0.1)
            seen.append(cluster.memory)

    looking = asyncio.create_task(look())
    try:
        yield seen
    finally:
        looking.cancel()


def times(seconds: list[float]) -> str:
    return "/".join(f"{1000 * each:.0f}" for each in seconds)
