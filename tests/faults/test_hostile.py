"""One hostile address at its limits stops no worker, and keeps nobody from writing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from bench.hostile.attacker import Attacker
from bench.hostile.attacks import everything
from bench.machine import allow_many_files
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.services.redis import RedisServer

AT_ONCE = 2.0  # s
LARGE = "hello-live-comments"  # the demo's article with most below it


@scene
async def test_a_worker_stands_all_attacks_at_once(attacked: Stage) -> None:
    server, worker = attacked.server, attacked.server.worker
    attacker = Attacker(server.port, slug=attacked.new_article(), large=LARGE, token=attacked.token("bob"))
    async with attacked.audience() as audience:
        alice = await audience.join("alice")
        with suppress(TimeoutError):
            async with asyncio.timeout(AT_ONCE):
                await everything(attacker)

        assert (await alice.post("Is anybody else here?"))["type"] == "ack"
    assert server.worker == worker
    assert sum(attacker.tally.values()) > 0


@pytest.fixture
def attacked(new_stage: Callable[..., Stage], redis_server: RedisServer) -> Stage:
    """A site with the limits of production."""
    allow_many_files()
    return new_stage(redis=redis_server, RATE_LIMITS="on")
