"""The readers of a process that ends come back to the others evenly, however many they are."""

import random
from statistics import median

import pytest

from realtime.drain import BYE_WITHIN, JOINS_PER_SECOND, LATEST, SOONEST, bye_delay, retry_after
from realtime.presence.departed import LEAVE_GRACE

TO_CONNECT = 1.5  # s


def test_the_byes_are_spread_over_their_time() -> None:
    chance = random.Random(7)  # noqa: S311 - the same in every run
    delays = sorted(bye_delay(chance) for _ in range(1000))

    assert 0 <= delays[0] < 0.1
    assert BYE_WITHIN - 0.1 < delays[-1] <= BYE_WITHIN
    assert BYE_WITHIN * 0.4 < delays[500] < BYE_WITHIN * 0.6


@pytest.mark.parametrize("sockets", [1, 200, 2000, 100_000])
def test_they_come_back_as_fast_as_they_can_be_taken_in_and_in_time(sockets: int) -> None:
    chance = random.Random(7)  # noqa: S311 - the same in every run
    waits = [retry_after(sockets, chance) for _ in range(1000)]

    assert all(SOONEST <= wait <= LATEST for wait in waits)
    time = min(sockets / JOINS_PER_SECOND, LATEST - SOONEST)
    assert max(waits) - min(waits) >= 0.9 * time - 0.01
    assert abs(median(waits) - SOONEST - time / 2) <= 0.1 * time + 0.01


def test_who_comes_back_at_the_last_moment_has_time_to_be_welcomed_before_they_are_forgotten() -> None:
    assert BYE_WITHIN + LATEST + TO_CONNECT <= LEAVE_GRACE
