"""What several of these tests share."""

import time

import pytest


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock: on a slow machine a bucket would fill during a flood. Tests move the clock."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
