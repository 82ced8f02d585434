"""One address never holds all the threads that obey readers."""

import asyncio
import threading
from typing import Any

from realtime.database import COMMAND_THREADS
from realtime.readers.turns import AT_ONCE, Turns, run_command_of
from tests.realtime.scene import scene


@scene
async def test_what_comes_from_one_address_waits_for_its_turn_in_order() -> None:
    turns, begun = Turns(at_once=2), []
    over = [asyncio.Event() for _ in range(6)]

    async def work(number: int) -> None:
        async with turns.turn("192.0.2.66"):
            begun.append(number)
            await over[number].wait()

    tasks = [asyncio.create_task(work(number)) for number in range(6)]
    for number in range(6):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert begun == list(range(min(number + 2, 6)))
        over[number].set()
        await tasks[number]
    assert len(turns) == 0


@scene
async def test_who_gives_up_waiting_leaves_no_place_taken() -> None:
    turns = Turns(at_once=1)

    async def work() -> None:
        async with turns.turn("192.0.2.66"):
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(work()) for _ in range(3)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert len(turns) == 0
    async with turns.turn("192.0.2.66"):
        pass


@scene
async def test_an_address_that_holds_its_threads_leaves_some_to_others(settings: Any) -> None:
    settings.COMMENTS_RATE_LIMITS = True
    held = threading.Event()
    try:
        holding = [
            asyncio.create_task(run_command_of("192.0.2.66", held.wait)) for _ in range(2 * COMMAND_THREADS)
        ]
        assert COMMAND_THREADS > AT_ONCE
        assert await run_command_of("192.0.2.7", lambda: "obeyed") == "obeyed"
        assert not any(task.done() for task in holding)
    finally:
        held.set()
    await asyncio.gather(*holding)
