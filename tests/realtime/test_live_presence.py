"""Readers see who else is there."""

import asyncio

from tests.realtime.client import PATIENCE, Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import Frame


def there(reader: Reader) -> tuple[set[str], int, int] | None:
    """The names, the number of anonymous readers, and of all, that a reader was told last."""
    pictures = reader.of_type("presence")
    if not pictures:
        return None
    return names_in(pictures[-1]), pictures[-1]["anonymous"], pictures[-1]["count"]


def names_in(picture: Frame) -> set[str]:
    return {member["name"] for member in picture["members"]}


async def sees(reader: Reader, names: set[str], anonymous: int = 0, within: float = PATIENCE) -> None:
    await reader.until(lambda: there(reader) == (names, anonymous, len(names) + anonymous), within)


@scene
async def test_everybody_sees_who_is_there(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        await sees(alice, {"reader1"})
        bob, stranger = await audience.join("bob"), await audience.join()

        for reader in (alice, bob, stranger):
            await sees(reader, {"reader1", "reader2"}, anonymous=1)


@scene
async def test_a_person_with_two_tabs_counts_once_until_both_are_closed(stage: Stage) -> None:
    async with stage.audience() as audience:
        bob = await audience.join("bob")
        one, two = await audience.join("alice"), await audience.join("alice")
        await sees(bob, {"reader1", "reader2"})
        await one.leave()
        carol = await audience.join("carol")
        await sees(bob, {"reader1", "reader2", "reader3"})
        await carol.leave()
        two.cut()

        await sees(bob, {"reader2"})
        assert all(
            len(picture["members"]) == len({member["id"] for member in picture["members"]})
            for picture in bob.of_type("presence")
        )


@scene
async def test_a_page_that_is_loaded_anew_is_one_reader_all_the_time(stage: Stage) -> None:
    async with stage.audience() as audience:
        bob, stranger = await audience.join("bob"), await audience.join()
        await sees(bob, {"reader2"}, anonymous=1)
        known = len(bob.of_type("presence"))
        for _ in range(3):  # the old connection is still there, or has gone already
            again = await audience.join(view=stranger.view)
            await stranger.leave()
            stranger = await audience.join(view=again.view)
            await again.leave()
        carol = await audience.join("carol")  # who reads is told anew, because she came
        await sees(bob, {"reader2", "reader3"}, anonymous=1)
        await carol.leave()
        await sees(bob, {"reader2"}, anonymous=1)

        assert {picture["anonymous"] for picture in bob.of_type("presence")[known:]} == {1}


@scene
async def test_a_reader_who_takes_a_name_is_one_reader_all_the_time(stage: Stage) -> None:
    async with stage.audience() as audience:
        bob, stranger = await audience.join("bob"), await audience.join()
        await sees(bob, {"reader2"}, anonymous=1)
        known = len(bob.of_type("presence"))
        await audience.join("alice", view=stranger.view)  # as a page does: it connects anew, with its cookies
        await stranger.leave()
        await sees(bob, {"reader1", "reader2"})
        other = await audience.join()
        await sees(bob, {"reader1", "reader2"}, anonymous=1)
        await other.send({"type": "auth", "token": stage.token("carol")})
        await sees(bob, {"reader1", "reader2", "reader3"})

        assert {picture["count"] for picture in bob.of_type("presence")[known:]} == {2, 3}


@scene
async def test_a_reader_who_wants_it_is_counted_without_a_name(stage: Stage) -> None:
    async with stage.audience() as audience:
        bob = await audience.join("bob")
        named = await audience.join("alice")
        await sees(bob, {"reader1", "reader2"})
        unnamed = await audience.join(
            "alice", view=named.view, anonymous=True
        )  # as a page does: it connects anew
        await named.leave()
        await sees(bob, {"reader2"}, anonymous=1)
        known = len(bob.of_type("presence"))
        await unnamed.send({"type": "auth", "token": stage.token("carol")})
        second_tab = await audience.join("alice")
        await sees(bob, {"reader1", "reader2"}, anonymous=1)
        await second_tab.leave()

        assert all("reader3" not in names_in(picture) for picture in bob.of_type("presence")[known:])


@scene
async def test_a_newcomer_is_told_at_once_though_nothing_changes_for_the_others(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        await sees(alice, {"reader1"})
        second_tab = await audience.join("alice")

        await sees(second_tab, {"reader1"})
        assert len(alice.of_type("presence")) == 1


@scene
async def test_presence_is_told_at_most_once_a_second(stage: Stage) -> None:
    async with stage.audience() as audience:
        clock = asyncio.get_running_loop().time
        begun = clock()
        alice = await audience.join("alice")
        await sees(alice, {"reader1"})
        await asyncio.gather(*(audience.join() for _ in range(20)))
        await sees(alice, {"reader1"}, anonymous=20)

        # The first one comes at once, and one that was late may be followed by the next a little earlier.
        assert len(alice.of_type("presence")) <= 2 + (clock() - begun)


@scene
async def test_nobody_is_told_of_readers_of_another_article(stage: Stage) -> None:
    async with stage.audience() as here, stage.audience() as elsewhere:
        alice = await here.join("alice")
        await elsewhere.join("bob")
        stranger = await here.join()

        await sees(stranger, {"reader1"}, anonymous=1)
        await sees(alice, {"reader1"}, anonymous=1)
