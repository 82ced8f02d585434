"""A Redis that takes everything and answers nothing slows nobody down, and is found again by itself."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable

from tests.realtime.faults import live_again
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import check_equal
from tests.services.proxy import proxy_to
from tests.services.redis import RedisServer

SILENCE = 13.0  # s: longer than it takes the hub to notice
ACKED = 2.0  # s, as promised

NewStage = Callable[..., Stage]


async def everything_arrives_in_silence(
    stage: Stage, begin: Callable[[], None], end: Callable[[], None]
) -> None:
    clock = asyncio.get_running_loop().time
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await live_again(alice)
        begin()
        silent_since, waits = clock(), []
        while clock() - silent_since < SILENCE:
            posted = clock()
            ack = await alice.post("Does anybody hear me?")
            waits.append(clock() - posted)
            await bob.reaches(ack["seq"])
        late = await audience.join()
        end()

        await live_again(alice)
        # Of a single one a busy machine may be the cause; tests/faults/test_redis.py looks at all but 1 %.
        assert statistics.median(waits) < ACKED
        for reader in (alice, bob, late):
            await reader.reaches(audience.truth().head)
            check_equal(reader.copy, audience.truth())
            assert reader.gaps == 0


@scene
async def test_a_redis_that_is_frozen(new_stage: NewStage, new_redis: Callable[[], RedisServer]) -> None:
    redis = new_redis()
    stage = new_stage(redis=redis)
    try:
        await everything_arrives_in_silence(stage, redis.pause, redis.resume)
    finally:
        redis.resume()


@scene
async def test_a_redis_behind_a_network_that_loses_everything(
    new_stage: NewStage, new_redis: Callable[[], RedisServer]
) -> None:
    redis = new_redis()
    async with proxy_to(redis.port) as proxy:
        url = f"redis://127.0.0.1:{proxy.port}/0"
        stage = await asyncio.to_thread(new_stage, redis=redis, REDIS_URL=url)
        await everything_arrives_in_silence(stage, proxy.blackhole, proxy.heal)
