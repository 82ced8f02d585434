"""Readers on different processes of one site are in one room."""

import asyncio
from collections.abc import Callable
from functools import partial

import pytest

from tests.realtime.faults import live_again
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.test_live_presence import sees
from tests.realtime.test_live_typing import ends_before_it_expires, is_cut
from tests.realtime.thread_copy import check_equal
from tests.services.redis import RedisServer

Processes = tuple[Stage, Stage]


@pytest.fixture
def processes(new_stage: Callable[..., Stage], new_redis: Callable[[], RedisServer]) -> Processes:
    """Two servers that share a database and a Redis."""
    redis = new_redis()
    first = new_stage(redis=redis)
    return first, new_stage(redis=redis, database_url=first.server.database_url)


@scene
async def test_both_see_everything(processes: Processes) -> None:
    here, there = processes
    async with here.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob", url=there.url)
        await sees(alice, {"reader1", "reader2"})
        await sees(bob, {"reader1", "reader2"})
        await asyncio.gather(*(who.post(f"{n}") for who in (alice, bob) for n in range(20)))
        for reader in (alice, bob):
            await reader.reaches(40)
            check_equal(reader.copy, audience.truth())
            assert reader.gaps == 0

        bob_comes = partial(audience.join, "bob", url=there.url)
        await ends_before_it_expires(alice, bob_comes, lambda bob: bob.post("There."))
        for tab in audience.readers[1:]:
            await tab.leave()
        await ends_before_it_expires(alice, bob_comes, is_cut)
        await sees(alice, {"reader1"})


@scene
async def test_what_a_moderator_does_in_one_process_shows_in_the_other(processes: Processes) -> None:
    here, there = processes
    async with here.audience() as audience:
        bob = await audience.join("bob", url=there.url)
        comment = await bob.post("Rude.")
        await asyncio.to_thread(here.moderate, "hide", comment["id"])
        await asyncio.to_thread(here.set_policy, "lock", audience.slug)

        assert (await bob.next("removed"))["id"] == comment["id"]
        assert (await bob.next("thread"))["policy"] == "closed"


@scene
async def test_the_tabs_of_one_author_in_two_processes_both_know_the_ref(processes: Processes) -> None:
    here, there = processes
    async with here.audience() as audience:
        one, two = await audience.join("alice"), await audience.join("alice", url=there.url)
        await audience.join("bob")
        await sees(two, {"reader1", "reader2"})  # so the process over there hears of the article by now

        await live_again(one, two)
        await sees(one, {"reader1", "reader2"})


@scene
async def test_a_process_that_comes_late_learns_who_was_there_before(processes: Processes) -> None:
    here, there = processes
    async with here.audience() as audience:
        alice = await audience.join("alice")
        await audience.join()
        await sees(alice, {"reader1"}, anonymous=1)
        bob = await audience.join("bob", url=there.url)

        await sees(bob, {"reader1", "reader2"}, anonymous=1)
