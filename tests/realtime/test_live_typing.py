"""Readers see who is typing, and only while it lasts."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from tests.realtime.client import PATIENCE, Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Stage

EXPIRES = 6.0  # s, of docs/protocol.md
TRIES = 5  # to be quicker than the clock of the server, on a machine that may stall
FLOOD = 30  # typing frames; five get through at once, and one more each second


def typing(reader: Reader) -> list[str]:
    pictures = reader.of_type("typing")
    return [user["name"] for user in pictures[-1]["users"]] if pictures else []


async def sees_typing(reader: Reader, *names: str, within: float = PATIENCE) -> None:
    await reader.until(lambda: typing(reader) == list(names), within)


async def ends_before_it_expires(
    reader: Reader, come: Callable[[], Awaitable[Reader]], end: Callable[[Reader], Awaitable[object]]
) -> None:
    """Have somebody come, type, and end that: `reader` sees the end sooner than it would come by itself."""
    clock = asyncio.get_running_loop().time
    for _ in range(TRIES):
        typist = await come()
        begun = clock()
        await typist.send({"type": "typing"})
        await reader.until(lambda: typing(reader))
        await end(typist)
        await sees_typing(reader)
        if clock() - begun < EXPIRES:
            return
        await typist.leave()
    raise AssertionError(f"typing ended only when it expired, {TRIES} times")


@scene
async def test_who_reads_without_a_name_types_unseen(stage: Stage) -> None:
    async with stage.audience() as audience:
        bob = await audience.join("bob")
        alice = await audience.join("alice", anonymous=True)
        await alice.send({"type": "typing"})
        await (carol := await audience.join("carol")).send({"type": "typing"})
        await sees_typing(bob, "reader3")
        await alice.post("Here it is.")
        await carol.leave()
        await sees_typing(bob)

        assert all(user["name"] != "reader1" for frame in bob.of_type("typing") for user in frame["users"])


@scene
async def test_who_types_is_seen_with_what_they_reply_to(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        comment = await bob.post("Anybody?")
        await alice.send({"type": "typing", "parent": comment["id"]})
        await sees_typing(bob, "reader1")

        picture = bob.of_type("typing")[-1]
        assert picture["users"] == [
            {"id": stage.user_id("alice"), "name": "reader1", "parent": comment["id"]}
        ]
        assert picture["count"] == 1


@scene
async def test_who_stops_is_seen_to_stop(stage: Stage) -> None:
    async with stage.audience() as audience:
        bob = await audience.join("bob")

        await ends_before_it_expires(
            bob, partial(audience.join, "alice"), lambda alice: alice.send({"type": "typing", "on": False})
        )


@scene
async def test_typing_ends_when_the_comment_arrives(stage: Stage) -> None:
    async with stage.audience() as audience:
        bob = await audience.join("bob")

        await ends_before_it_expires(bob, partial(audience.join, "alice"), lambda alice: alice.post("Done."))


async def is_cut(reader: Reader) -> None:
    reader.cut()


@scene
async def test_typing_ends_when_the_socket_goes(stage: Stage) -> None:
    async with stage.audience() as audience:
        bob = await audience.join("bob")

        await ends_before_it_expires(bob, partial(audience.join, "alice"), is_cut)


@scene
async def test_a_newcomer_sees_who_is_typing(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await alice.send({"type": "typing"})
        await sees_typing(bob, "reader1")
        await alice.send({"type": "typing"})  # still: that is no news, and leaves carol the time to come

        await sees_typing(await audience.join("carol"), "reader1")


@scene
async def test_typing_expires_after_the_last_sign_of_it(uvicorn_stage: Stage) -> None:
    clock = asyncio.get_running_loop().time
    async with uvicorn_stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await alice.send({"type": "typing"})
        await sees_typing(bob, "reader1")
        begun = clock()
        await asyncio.sleep(1.0)  # a client repeats itself every 3 s; the entry lives on from the last time
        await alice.send({"type": "typing"})
        await sees_typing(bob)

        assert clock() - begun >= EXPIRES + 0.9


@scene
async def test_a_stranger_does_not_type(stage: Stage) -> None:
    async with stage.audience() as audience:
        stranger, bob = await audience.join(), await audience.join("bob")
        await stranger.send({"type": "typing"})
        await stranger.ping()
        await bob.send({"type": "typing"})

        await sees_typing(bob, "reader2")


@scene
async def test_a_parent_that_is_no_id_is_refused(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        for parent in ("first", "-1", "1e3", "²", "٣", "9" * 30, "<b>"):
            await alice.send({"type": "typing", "parent": parent})
        await alice.until(lambda: len(alice.of_type("error", reason="bad_field")) == 7)
        await bob.send({"type": "typing"})

        await sees_typing(bob, "reader2")


@scene
async def test_a_flood_of_typing_is_dropped_and_harms_nobody(limited_stage: Stage) -> None:
    async with limited_stage.audience() as audience:
        bob = await audience.join("bob")
        for _ in range(TRIES):
            alice = await audience.join("alice")
            seconds = await flood_with_typing(alice)
            await bob.send({"type": "typing"})
            await sees_typing(bob, "reader1", "reader2")  # which was drawn after the flood
            assert alice.of_type("error") == alice.of_type("bye") == []
            if seconds < 1:  # else the sixth may have been in its right
                break
            alice.cut()
            await bob.send({"type": "typing", "on": False})
            await sees_typing(bob)

        assert bob.of_type("typing")[-1]["users"][0]["parent"] == "4"  # the sixth and later were dropped


async def flood_with_typing(alice: Reader) -> float:
    """Send far too much; returns the seconds after which the server had all of it."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    for number in range(FLOOD):
        await alice.send({"type": "typing", "parent": str(number)})
    await alice.ping()
    return clock() - begun
