"""Somebody takes all places of an address: whoever has a name comes in, and few strangers are shown."""

import asyncio
from contextlib import AsyncExitStack

from realtime.presence.strangers import STRANGERS
from realtime.readers.places import PER_ADDRESS
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.strangers import come, until


@scene
async def test_who_takes_all_places_keeps_no_person_out_and_is_no_crowd(limited_stage: Stage) -> None:
    stage, slug, address = limited_stage, limited_stage.new_article(), "127.0.0.69"
    async with AsyncExitStack() as stack:

        async def take(number: int) -> None:
            socket = come(stage, address, slug=slug, view=f"made-up-{number:03}")
            await until(await stack.enter_async_context(socket), lambda frame: frame["type"] == "welcome")

        for begin in range(0, PER_ADDRESS, 20):
            await asyncio.gather(*(take(number) for number in range(begin, begin + 20)))
        people = [
            await stack.enter_async_context(come(stage, address, slug=slug, headers=stage.headers(who)))
            for who in ("alice", "bob")
        ]

        for person in people:
            await until(person, lambda frame: frame["type"] == "welcome" and frame["user"] is not None)
        told = await until(people[0], lambda frame: len(frame.get("members", ())) == len(people))
        assert told["anonymous"] == STRANGERS + 1
