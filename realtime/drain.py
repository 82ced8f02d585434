"""Going away: how the readers of a process that ends are sent to the others without a rush. No I/O."""

from __future__ import annotations

import random

BYE_WITHIN = 2.0  # s over which the byes are spread
JOINS_PER_SECOND = 200.0  # that the processes which stay can take in without anybody noticing
SOONEST, LATEST = 0.2, 6.5  # s after which a client comes back: with the byes, 1.5 s less than LEAVE_GRACE
CHANCE = random.Random()  # noqa: S311 - spreads a herd, guards nothing


def bye_delay(chance: random.Random = CHANCE) -> float:
    """Seconds after which one socket is told."""
    return chance.uniform(0.0, BYE_WITHIN)


def retry_after(sockets: int, chance: random.Random = CHANCE) -> float:
    """Seconds that one of so many clients waits before it comes back: together they arrive evenly.

    Within LATEST all the same: where they are too many for JOINS_PER_SECOND, they come faster.
    """
    return round(chance.uniform(SOONEST, min(LATEST, SOONEST + sockets / JOINS_PER_SECOND)), 2)
