"""Readers see who is typing, and only while it lasts."""

import asyncio

from tests.realtime.client import Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Stage

EXPIRES = 6.0  # s, of docs/protocol.md


def typing(reader: Reader) -> list[str]:
    pictures = reader.of_type("typing")
    return [user["name"] for user in pictures[-1]["users"]] if pictures else []


async def sees_typing(reader: Reader, *names: str, within: float = 3.0) -> None:
    await reader.until(lambda: typing(reader) == list(names), within)


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
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await alice.send({"type": "typing"})
        await sees_typing(bob, "reader1")
        await alice.send({"type": "typing", "on": False})

        await sees_typing(bob)


@scene
async def test_typing_ends_when_the_comment_arrives(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await alice.send({"type": "typing"})
        await sees_typing(bob, "reader1")
        await alice.post("Done.")

        await sees_typing(bob, within=1.5)


@scene
async def test_typing_ends_when_the_socket_goes(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await alice.send({"type": "typing"})
        await sees_typing(bob, "reader1")
        alice.cut()

        await sees_typing(bob, within=1.5)


@scene
async def test_a_newcomer_sees_who_is_typing(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await alice.send({"type": "typing"})
        await sees_typing(bob, "reader1")

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
        await sees_typing(bob, within=EXPIRES + 2)

        assert EXPIRES + 0.9 <= clock() - begun <= EXPIRES + 2


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
        alice, bob = await audience.join("alice"), await audience.join("bob")
        for number in range(30):
            await alice.send({"type": "typing", "parent": str(number)})
        await alice.ping()
        await sees_typing(bob, "reader1")

        assert bob.of_type("typing")[-1]["users"][0]["parent"] == "4"  # the sixth and later were dropped
        assert alice.of_type("error") == alice.of_type("bye") == []
