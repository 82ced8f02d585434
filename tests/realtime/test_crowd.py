"""Two hundred people come, write and go, and in the end everybody has the same comments."""

import asyncio
import random

from tests.realtime.client import Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import check_equal

PEOPLE = {"uvicorn": 200, "runserver": 60}
NAMES = ["alice", "bob", "carol", *(f"reader{number}" for number in range(11, 41))]


@scene
async def test_a_crowd_that_comes_and_goes_agrees_in_the_end(stage: Stage) -> None:
    chance = random.Random(11)  # noqa: S311 - who does what
    people = PEOPLE["uvicorn" if stage.server.redis else "runserver"]
    async with stage.audience() as audience:

        async def play(number: int) -> Reader:
            who = chance.choice([*NAMES, None, None])
            await asyncio.sleep(chance.uniform(0, 2))
            reader = audience.reader(who, batches=chance.random() < 0.7, comes_back=True, haste=10.0)
            await reader.open()
            for step in range(3):
                await asyncio.sleep(chance.uniform(0, 0.5))
                if who is not None and chance.random() < 0.6:
                    assert (await reader.post(f"{number}.{step}"))["type"] == "ack"
                if chance.random() < 0.2:
                    reader.cut()
                if chance.random() < 0.05:
                    await reader.leave()
                    return reader
            return reader

        readers = await asyncio.gather(*(play(number) for number in range(people)))
        truth = audience.truth()
        stayed = [reader for reader in readers if reader.stays]
        assert len(stayed) > people / 2
        assert truth.head > people / 2
        for reader in stayed:
            await reader.reaches(truth.head)
            check_equal(reader.copy, truth)
