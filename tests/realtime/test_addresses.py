"""Which thread is at an address is asked once for all who want to know at the same moment."""

from __future__ import annotations

import asyncio
import threading

from comments.errors import CommentError
from comments.wire import Subject
from realtime.rooms import addresses
from realtime.rooms.addresses import Addresses
from tests.realtime.scene import scene

PLUMS = ("article", "plums")


class Database:
    """Answers when it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails_with: Exception | None = None
        self.answers = threading.Event()
        self.answers.set()

    def look_up(self, kind: str, key: str) -> tuple[int, Subject]:
        self.asked += 1
        assert self.answers.wait(30)
        if self.fails_with is not None:
            raise self.fails_with
        return 7, Subject(kind=kind, key=key, url=f"/{key}/")


@scene
async def test_a_herd_asks_once() -> None:
    database = Database()
    database.answers.clear()
    known = Addresses(database.look_up)
    herd = [asyncio.create_task(known.find(PLUMS)) for _ in range(1000)]
    await asyncio.sleep(0)
    database.answers.set()
    found = await asyncio.gather(*herd)

    assert {each.thread_id for each in found} == {7}
    assert database.asked == 1


@scene
async def test_an_answer_is_remembered_for_a_while() -> None:
    database = Database()
    known = Addresses(database.look_up)
    await known.find(PLUMS)
    await known.find(PLUMS)
    assert database.asked == 1

    await known.find(("article", "pears"))
    assert database.asked == 2


@scene
async def test_an_answer_that_is_old_is_asked_for_again() -> None:
    database = Database()
    known = Addresses(database.look_up, remembered=0.0)
    await known.find(PLUMS)
    await known.find(PLUMS)

    assert database.asked == 2


@scene
async def test_failures_reach_all_who_asked_and_are_not_remembered() -> None:
    database = Database()
    database.fails_with = CommentError(404, "not_found", "Not yet.")
    known = Addresses(database.look_up)
    outcomes = await asyncio.gather(*(known.find(PLUMS) for _ in range(3)), return_exceptions=True)
    assert outcomes == [database.fails_with] * 3
    assert database.asked == 1

    database.fails_with = None
    assert (await known.find(PLUMS)).subject.url == "/plums/"


@scene
async def test_a_reader_who_leaves_takes_the_answer_from_nobody() -> None:
    database = Database()
    database.answers.clear()
    known = Addresses(database.look_up)
    leaves, stays = (asyncio.create_task(known.find(PLUMS)) for _ in range(2))
    await asyncio.sleep(0)
    leaves.cancel()
    database.answers.set()

    assert (await stays).thread_id == 7


@scene
async def test_strangers_can_not_fill_the_memory() -> None:
    database = Database()
    known = Addresses(database.look_up)
    for number in range(addresses.MOST_REMEMBERED + 10):
        await known.find(("article", str(number)))

    assert len(known) <= addresses.MOST_REMEMBERED
