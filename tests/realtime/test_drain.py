"""The readers of a process that ends come back to the others evenly, however many they are."""

import random

import pytest

from realtime.drain import BYE_WITHIN, JOINS_PER_SECOND, LATEST, SOONEST, bye_delay, retry_after


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
    assert max(waits) - min(waits) >= 0.9 * min(sockets / JOINS_PER_SECOND, LATEST - SOONEST - 1) - 0.01
