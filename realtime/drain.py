"""Going away: how the readers of a process that ends are sent to the others without a rush. No I/O."""

from __future__ import annotations

import random

BYE_WITHIN = 2.0  # s over which the byes are spread
JOINS_PER_SECOND = 200.0  # that the processes which stay can take in without anybody noticing
SOONEST, LATEST = 0.2, 15.0  # s after which a client comes back
CHANCE = random.Random()  # noqa: S311 - spreads a herd, guards nothing


def bye_delay(chance: random.Random = CHANCE) -> float:
    """Seconds after which one socket is told."""
    return chance.uniform(0.0, BYE_WITHIN)


def retry_after(sockets: int, chance: random.Random = CHANCE) -> float:
    """Seconds that one of so many clients waits before it comes back: together they arrive evenly."""
    return round(min(LATEST, SOONEST + chance.uniform(0.0, sockets / JOINS_PER_SECOND)), 2)
