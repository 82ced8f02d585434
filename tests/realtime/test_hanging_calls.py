"""A database or a cache that never answers is given up, and keeps nobody else waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from realtime import database
from realtime.database import run_command, run_note, run_repair
from tests.realtime.leaping import leaping_scene
from tests.realtime.scene import scene


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Set at the end, so that no thread is left waiting."""
    event = threading.Event()
    yield event
    event.set()


@leaping_scene
async def test_a_call_that_gets_no_answer_is_given_up(held: threading.Event) -> None:
    for run in (run_command, run_repair, run_note):
        with pytest.raises(TimeoutError):
            await run(held.wait)


@scene
async def test_a_cache_that_hangs_keeps_nobody_from_the_database(held: threading.Event) -> None:
    for _ in range(4):
        database.NOTES.submit(held.wait)

    assert await run_repair(lambda: "read") == "read"
