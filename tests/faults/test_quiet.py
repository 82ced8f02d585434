"""The oracle waits for clients that are late, and finds and names those that lost something."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.faults.crowd import Crowd
from tests.faults.quiet import when_quiet
from tests.faults.verdict import Stored, Verdict
from tests.realtime.leaping import leaping_scene
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import Truth
from tests.services.proxy import Proxy, proxy_to

LATE = 0.5  # s that everything takes longer, each way


@asynccontextmanager
async def alice_and_bob(stage: Stage) -> AsyncIterator[tuple[Crowd, Proxy]]:
    """Alice, and Bob behind a proxy."""
    async with proxy_to(stage.server.port) as proxy, stage.audience() as audience:
        await audience.join("alice")
        await audience.join("bob", url=f"http://127.0.0.1:{proxy.port}")
        yield Crowd(audience, audience.readers), proxy


@scene
async def test_a_client_that_is_late_is_waited_for(uvicorn_stage: Stage) -> None:
    async with alice_and_bob(uvicorn_stage) as (crowd, proxy):
        alice, bob = crowd.readers
        proxy.delay = LATE
        await crowd.post(alice, "Is Bob there?")
        assert bob.copy.position == 0

        assert await crowd.settle() == Verdict(clients=2, comments=1)


@scene
async def test_a_client_that_lost_something_is_found_and_named(uvicorn_stage: Stage) -> None:
    async with alice_and_bob(uvicorn_stage) as (crowd, proxy):
        alice, _ = crowd.readers
        proxy.blackhole()
        await crowd.post(alice, "Does Bob hear this?")
        verdict = await crowd.settle(patience=1.0)

        assert (verdict.lost, verdict.unequal) == (1, 1)
        assert not verdict.is_clean
        [sentence] = verdict.behind
        assert sentence.startswith("reader 1 is at 0 of 1: TimeoutError(")


@leaping_scene
async def test_a_change_between_two_looks_begins_another() -> None:
    heads = iter([3, 4, 5, 5, 6])

    async def read() -> Stored:
        return stored(next(heads))

    assert await when_quiet(read, [], patience=60) == (stored(5), [])


@leaping_scene
async def test_it_is_not_quiet_while_comments_keep_coming() -> None:
    heads = itertools.count()

    async def read() -> Stored:
        await asyncio.sleep(1)
        return stored(next(heads))

    with pytest.raises(AssertionError, match="comments still come after 60 s"):
        await when_quiet(read, [], patience=60)


def stored(head: int) -> Stored:
    return Stored(Truth("an epoch", head, count=0, comments={}, seqs={}), ids={})
