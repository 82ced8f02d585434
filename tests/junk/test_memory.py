"""Junk does not make the server's memory grow."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.junk.effort import THOROUGH
from tests.junk.peer import Peer
from tests.junk.strategies import BROKEN, LONG
from tests.realtime.raw import frame
from tests.realtime.scene import scene
from tests.realtime.stage import Stage

MALFORMED = [frame(text.encode()) for text in LONG.values()]
WARM_UP = 5  # rounds in which caches and pools fill
ROUNDS = 200 if THOROUGH else 25
MOST_GROWTH = 6_000_000  # bytes; what ROUNDS rounds send is more than ten times that

pytestmark = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")


def memory_of(stage: Stage) -> int:
    """Resident bytes of the server and its workers."""
    group, total = stage.server.process.pid, 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) == group:
                total += int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            pass  # it ended meanwhile
    return total


async def throw_junk(stage: Stage, slug: str) -> int:
    """Every kind of junk once; returns the bytes that it had."""
    sent = 0
    for junk in [[each] for each in BROKEN.values()] + [MALFORMED[begin::3] for begin in range(3)]:
        peer = await Peer.come(stage.url, slug, stage.headers("alice"))
        for data in junk:
            peer.send(data)
            sent += len(data)
        await peer.see_the_end()
    for data in MALFORMED:
        peer = await Peer.come(stage.url, slug, {})
        peer.send(data)
        await peer.settle()
        await peer.leave()
        sent += len(data)
    return sent


@pytest.mark.promise(20)
@scene
async def test_memory_stays_flat_under_junk(uvicorn_stage: Stage) -> None:
    """On production's server only: with DEBUG on, as for runserver, Django keeps 9,000 queries per thread."""
    stage = uvicorn_stage
    slug = stage.new_article()
    for _ in range(WARM_UP):
        await throw_junk(stage, slug)
    before = memory_of(stage)
    sent = sum([await throw_junk(stage, slug) for _ in range(ROUNDS)])
    growth = memory_of(stage) - before

    assert sent > ROUNDS * 500_000
    assert growth < MOST_GROWTH, f"{growth / 1e6:.1f} MB more after {sent / 1e6:.0f} MB of junk"
