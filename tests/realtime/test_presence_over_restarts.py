"""Who reads is shown truly when processes stop, and when they are killed."""

import asyncio
from collections.abc import Callable

import pytest

from tests.faults.hurry import machine, promised
from tests.realtime.client import Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.test_going_away import stop
from tests.realtime.test_live_presence import sees, there
from tests.realtime.test_live_typing import sees_typing
from tests.services.redis import RedisServer

FORGOTTEN = 15.0  # s
AT_MOST = 19.0  # s, on whatever machine: with the grace on top it takes 21

Processes = tuple[Stage, Stage]


@pytest.fixture
def processes(new_stage: Callable[..., Stage], new_redis: Callable[[], RedisServer]) -> Processes:
    """One that stays, and one that stops or dies."""
    redis = new_redis()
    stays = new_stage(redis=redis)
    return stays, new_stage(redis=redis, database_url=stays.server.database_url)


def was_told(reader: Reader, begin: int) -> set[tuple[frozenset[str], int]]:
    """The names and the numbers of anonymous readers in the frames that came after the first `begin`."""
    return {
        (frozenset(member["name"] for member in picture["members"]), picture["anonymous"])
        for picture in reader.of_type("presence")[begin:]
    }


@pytest.mark.promise(14)
@scene
async def test_nobody_flickers_while_the_readers_of_a_process_that_stops_move_to_another(
    processes: Processes,
) -> None:
    stays, stops = processes
    async with stays.audience() as audience:
        bob, carol = await audience.join("bob"), await audience.join("carol")
        moving = [await audience.join("alice", url=stops.url), await audience.join(url=stops.url)]
        everybody = {"reader1", "reader2", "reader3"}
        await sees(bob, everybody, anonymous=1)
        known = len(bob.of_type("presence"))
        stopping = asyncio.create_task(stop(stops))
        assert {await reader.closed() for reader in moving} == {4000}
        # As pages do, who do not wait for its end.
        alice, _ = [
            await audience.join(who, view=before.view)
            for who, before in zip(("alice", None), moving, strict=True)
        ]
        await stopping
        await sees(alice, everybody, anonymous=1)
        assert was_told(alice, 0) == {(frozenset(everybody), 1)}
        await carol.leave()  # when she is no longer shown, neither is anything that the process left behind
        await sees(bob, {"reader1", "reader2"}, anonymous=1)

        assert was_told(bob, known) == {(frozenset({"reader1", "reader2"}), 1)}


@pytest.mark.promise(14)
@scene
async def test_the_readers_of_a_process_that_was_killed_are_forgotten_in_time(
    processes: Processes,
) -> None:
    await asyncio.to_thread(machine.look)
    stays, dies = processes
    async with stays.audience() as audience:
        bob = await audience.join("bob")
        alice, carol, _ = [await audience.join(who, url=dies.url) for who in ("alice", "carol", None)]
        await sees(bob, {"reader1", "reader2", "reader3"}, anonymous=1)
        await carol.leave()  # the grace that she has does not add to what the killed process has
        await alice.send({"type": "typing"})
        await sees_typing(bob, "reader1")
        forgotten = min(promised(FORGOTTEN), AT_MOST)
        killing = asyncio.to_thread(dies.server.kill)
        await asyncio.gather(
            killing, sees_typing(bob, within=promised(6.0)), sees(bob, {"reader2"}, within=forgotten)
        )
        assert there(bob) == ({"reader2"}, 0, 1)
