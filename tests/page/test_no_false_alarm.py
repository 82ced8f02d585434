"""No page that is right is told that it is wrong: a million deliveries, each followed by the question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.services.javascript import JavaScript

LIVES = Path(__file__).parent / "js" / "lives.mjs"
DELIVERIES = 1_000_000
AT_A_TIME = 500  # lives in each sort


@pytest.mark.promise(21)
@pytest.mark.thorough
def test_in_a_million_random_deliveries(javascript: JavaScript) -> None:
    """Frames, counts, pages and answers are lost, doubled, late and swapped on their way to the store."""
    deliveries = said = 0
    seed = 1
    while deliveries < DELIVERIES:
        told = javascript.call(LIVES, "liveAll", {"from": seed, "lives": AT_A_TIME})
        assert told["alarms"] == []
        deliveries, said, seed = deliveries + told["steps"], said + told["same"], seed + AT_A_TIME
    assert said > DELIVERIES // 3  # else the question would hardly ever have been answered
