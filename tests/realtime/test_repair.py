"""What was committed arrives, in order, whatever the channel layer lost."""

import asyncio
from collections.abc import Callable

import pytest

from tests.realtime.client import Reader
from tests.realtime.faults import commit_unannounced, live_again, post_without_redis
from tests.realtime.scene import scene
from tests.realtime.stage import Audience, Stage
from tests.realtime.thread_copy import check_equal
from tests.services.redis import RedisServer

HEADS_EVERY = 2.0  # s
HOLES = 10

NewStage = Callable[..., Stage]
NewRedis = Callable[[], RedisServer]


async def all_arrive(audience: Audience, *readers: Reader) -> None:
    """Every reader is brought up to date by the socket alone, in order and without a gap."""
    truth = audience.truth()
    for reader in readers:
        await reader.reaches(truth.head)
        check_equal(reader.copy, truth)
        assert reader.gaps == 0


@scene
async def test_a_comment_of_a_process_that_found_no_redis_arrives(stage: Stage) -> None:
    async with stage.audience() as audience:
        readers = [await audience.join("alice"), await audience.join()]
        await asyncio.to_thread(post_without_redis, stage, audience.slug, "Nobody said it.")

        await all_arrive(audience, *readers)


@scene
async def test_holes_are_filled_before_what_follows_them_and_long_before_the_heads_are_read(
    stage: Stage,
) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob", batches=False)
        clock = asyncio.get_running_loop().time
        begun, answered = clock(), 0
        for number in range(HOLES):
            commit_unannounced(stage, audience.slug, "Nobody said it.")
            ack = await alice.post(f"Somebody said this: {number}.")
            await bob.reaches(ack["seq"])
            answered += (await alice.next("message", seq=ack["seq"])).get("ref") == ack["ref"]

        # Each hole after the first would be open from one look at the heads to the next.
        assert clock() - begun < 0.75 * (HOLES - 1) * HEADS_EVERY
        # A look at the heads that comes at the same moment may bring a comment first, and knows no ref.
        assert answered > HOLES / 2
        assert bob.copy.live == list(range(1, 2 * HOLES + 1))
        await all_arrive(audience, alice, bob)


@scene
async def test_a_long_hole_is_filled_for_every_reader_without_sending_one_away(stage: Stage) -> None:
    """450 changes are more than two pages of the history, and nearly three times what a send queue holds."""
    async with stage.audience() as audience:
        readers = [await audience.join("alice"), await audience.join(), await audience.join(batches=False)]
        commit_unannounced(stage, audience.slug, *(f"{number} " + 700 * "x" for number in range(449)))
        await readers[0].post("The last one.")

        await all_arrive(audience, *readers)
        assert [reader.of_type("bye") for reader in readers] == [[], [], []]


@scene
async def test_torn_connections_to_redis_lose_nothing(new_stage: NewStage, new_redis: NewRedis) -> None:
    redis = new_redis()
    stage = new_stage(redis=redis)
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        for number in range(10):
            with redis.client() as client:
                client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
                client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            assert (await alice.post(f"{number}"))["type"] == "ack"

        await all_arrive(audience, alice, bob)
        await live_again(alice)


@scene
async def test_a_redis_that_is_not_there_at_the_start(new_stage: NewStage, new_redis: NewRedis) -> None:
    redis = new_redis()
    redis.stop()
    stage = new_stage(redis=redis)
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        for number in range(3):
            assert (await alice.post(f"{number}"))["type"] == "ack"
        await all_arrive(audience, alice, bob)
        redis.start()

        await live_again(alice)
        await all_arrive(audience, alice, bob)


@pytest.mark.parametrize("fault", ["stop", "pause"])
@scene
async def test_a_redis_that_goes_and_comes_back(new_stage: NewStage, new_redis: NewRedis, fault: str) -> None:
    redis = new_redis()
    stage = new_stage(redis=redis)
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await live_again(alice)
        redis.stop() if fault == "stop" else redis.pause()
        for number in range(3):
            assert (await alice.post(f"{number}"))["type"] == "ack"
            await all_arrive(audience, alice, bob)
        late = await audience.join("carol")
        redis.start() if fault == "stop" else redis.resume()

        await live_again(alice)
        await all_arrive(audience, alice, bob, late)


@scene
async def test_a_redis_that_forgets_everything(new_stage: NewStage, new_redis: NewRedis) -> None:
    redis = new_redis()
    stage = new_stage(redis=redis)
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        for number in range(10):
            redis.flush()
            assert (await alice.post(f"{number}"))["type"] == "ack"

        await all_arrive(audience, alice, bob)
        await live_again(alice)


@scene
async def test_no_redis_at_all(new_stage: NewStage) -> None:
    stage = new_stage(redis=None)
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")

        await live_again(alice)
        await all_arrive(audience, alice, bob)
