"""Measures each attack on the site as it is run: two workers, and the limits of production."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bench.hostile.attacks import ATTACKS, EVERYTHING
from bench.hostile.siege import PEOPLE, Outcome, besieged
from bench.machine import Cores
from bench.processes import Processes
from bench.servers import Site

STRETCH = 6.0  # s of each attack, and of quiet between two
WARM_UP = 3.0  # s of all attacks at once
ANYWHERE = Cores(None, None, None)  # two workers want more than the one core that other parts give a server


def measure_hostile(
    processes: Processes, database_url: str, redis_url: str, say: Callable[[str], None]
) -> list[Outcome]:
    """Start the site, attack it in all ways in turn, and stop it."""
    site = Site(
        processes,
        database_url=database_url,
        redis_url=redis_url,
        cores=ANYWHERE,
        WORKERS="2",
        RATE_LIMITS="on",
    )
    prepared: dict[str, Any] = site.run("bench.hostile.prepare", str(PEOPLE + 1), RATE_LIMITS="off")
    server = site.start()
    outcomes = asyncio.run(_attack(server.port, server.pid, prepared, say))
    site.stop()
    return outcomes


async def _attack(
    port: int, supervisor: int, prepared: dict[str, Any], say: Callable[[str], None]
) -> list[Outcome]:
    async with besieged(port, supervisor, prepared) as siege:
        say("all attacks at once, to warm up")
        await siege.run(EVERYTHING, WARM_UP)
        outcomes = []
        for attack in ATTACKS:
            say(attack)
            outcomes.append(await siege.run(attack, STRETCH))
        return outcomes
