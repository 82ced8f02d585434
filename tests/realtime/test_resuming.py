"""A reader who lost the connection, or the server, has every comment again, and wrote none twice."""

import asyncio
from collections.abc import Callable

from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import check_equal
from tests.services.redis import RedisServer


@scene
async def test_a_reader_who_was_away_has_what_was_missed(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob", comes_back=True, haste=10.0)
        first = await alice.post("Bob sees this.")
        await bob.reaches(1)
        bob.cut()
        await alice.post("Bob may miss this.")
        await asyncio.to_thread(stage.moderate, "hide", first["id"])
        await bob.until(lambda: bob.connections >= 2)
        last = await alice.post("Bob sees this too.")
        await bob.reaches(last["seq"])

        check_equal(bob.copy, audience.truth())


@scene
async def test_a_server_that_was_killed_loses_and_doubles_nothing(
    new_stage: Callable[..., Stage], new_redis: Callable[[], RedisServer]
) -> None:
    stage = new_stage(redis=new_redis())
    async with stage.audience() as audience:
        readers = [
            await audience.join(who, comes_back=True, haste=10.0) for who in ("alice", "bob", "carol", None)
        ]
        writers = readers[:3]

        async def write(number: int) -> None:
            for writer in writers:
                answer = await writer.post(f"{number}")
                assert answer["type"] == "ack"

        writing = asyncio.create_task(_each(write, 60))
        for _ in range(2):
            seen = readers[0].copy.position
            await readers[0].reaches(seen + 15)
            await asyncio.to_thread(stage.server.kill)
            await asyncio.to_thread(stage.server.start)
        await writing

        truth = audience.truth()
        assert len(truth.comments) == 180
        for reader in readers:
            await reader.reaches(truth.head)
            check_equal(reader.copy, truth)
            assert reader.connections >= 2


async def _each(write: Callable[[int], object], times: int) -> None:
    for number in range(times):
        await write(number)  # type: ignore[misc]


@scene
async def test_a_position_ahead_of_the_thread_starts_again(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = audience.reader("alice")
        await alice.read_snapshot()
        alice.copy.position = 1000
        await alice.catch_up()

        assert alice.copy.position == audience.truth().head


@scene
async def test_an_old_epoch_starts_again(stage: Stage) -> None:
    async with stage.audience() as audience:
        bob = await audience.join("bob")
        await bob.post("Hello.")
        alice = audience.reader("alice")
        await alice.read_snapshot()
        alice.copy.epoch, alice.copy.comments = "of another life", {}
        await alice.join()

        check_equal(alice.copy, audience.truth())
