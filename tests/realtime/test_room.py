"""The readers of one room get the same changes in the same order, and none of them harms another."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from comments import wire
from comments.announcements import Change
from comments.authors import Author
from comments.credentials import Credentials
from comments.queries import Head
from realtime.frames import Prepared, batched
from realtime.presence.presence import Presence
from realtime.protocol import Close, PresenceNow
from realtime.readers.send_queue import LARGEST_BATCH, LIMIT, SendQueue
from realtime.rooms.moment import Moment, Picture
from realtime.rooms.pace import BATCH_EVERY, MOST_WAITING
from realtime.rooms.room import Room
from tests.realtime.leaping import leaping_scene

ALICE = Author("u1", "Alice", "member", 1)


class Seat:
    """A socket in a room, whose peer takes `line` bytes/s or nothing, as a server's transport would."""

    def __init__(
        self,
        room: Room,
        author: Author | None = None,
        *,
        view: str = "somebodys-page",
        batches: bool = True,
        stuck: bool = False,
        line: float = float("inf"),
    ) -> None:
        self.author = author
        self.view = view
        self.anonymous = False
        self.credentials = Credentials()
        self.heard_at = 0.0
        self.texts: list[str] = []
        self.closed_with: Close | None = None
        self._room = room
        self._line = line
        self._news = asyncio.Event()
        self._reads = asyncio.Event()
        if not stuck:
            self._reads.set()
        self.send_queue = SendQueue(self._send, batches=batches, on_overflow=self._overflow)

    async def _send(self, frames: Sequence[Prepared]) -> None:
        await self._reads.wait()
        text = batched(list(frames)).text
        await asyncio.sleep(len(text.encode()) / self._line)
        self.texts.append(text)
        self._news.set()

    def _overflow(self) -> None:
        self.close_soon(Close.TOO_SLOW, "too_slow")

    def close_soon(self, code: Close, reason: str, retry_after: float | None = None) -> None:
        self.closed_with = code
        self._news.set()
        self._room.remove(self)

    def recognise(self, author: Author | None) -> None:
        self.author = author

    def seqs(self) -> list[int]:
        frames: list[dict[str, Any]] = []
        for text in self.texts:
            data = json.loads(text)
            frames += data if isinstance(data, list) else [data]
        return [frame["seq"] for frame in frames if "seq" in frame]

    async def gets(self, seq: int) -> list[int]:
        """Wait for the change of this number, or to be sent away; returns the numbers that came."""
        while self.closed_with is None and seq not in self.seqs():
            self._news.clear()
            await self._news.wait()
        return self.seqs()


def new_room(*, position: int = 0) -> Room:
    room = Room(1, Moment(Presence(thread=1, node="here", incarnation="1")))
    room.open(Head("an-epoch", position, "open"))
    return room


def change(seq: int, text: str = "", **answers: str) -> Change:
    frame = json.dumps({"seq": seq, "text": text}, separators=(",", ":"), ensure_ascii=False)
    return Change(seq, seq - 1, frame.encode(), **answers)


def arrive(room: Room, *changes: Change) -> None:
    for each in changes:
        room.take(each)


async def all_delivered() -> None:
    for _ in range(200):
        await asyncio.sleep(0)


@leaping_scene
async def test_a_newcomer_gets_everything_after_the_position_of_the_room() -> None:
    room = new_room(position=4)
    early = Seat(room)
    room.add(early)
    arrive(room, change(5), change(6))
    late, begins_at = Seat(room), room.position
    room.add(late)
    arrive(room, change(7))
    await all_delivered()

    assert early.seqs() == [5, 6, 7]
    assert late.seqs() == list(range(begins_at + 1, 8))
    assert room.position == 7


@leaping_scene
async def test_a_newcomer_in_the_middle_of_a_long_delivery_misses_nothing() -> None:
    room = new_room()
    early = Seat(room)
    room.add(early)
    arrive(room, *(change(seq, "x" * (LARGEST_BATCH // 2)) for seq in range(1, 11)))
    await early.gets(1)
    late, begins_at = Seat(room), room.position
    room.add(late)

    assert 0 < begins_at < 10
    assert await late.gets(10) == list(range(begins_at + 1, 11))


@pytest.mark.parametrize("text", ["x", "字"])
@pytest.mark.parametrize("page", [1, 10, 1000])
@leaping_scene
async def test_a_burst_sends_no_reader_away_who_keeps_up(text: str, page: int) -> None:
    room = new_room()
    line = 2 * LARGEST_BATCH / BATCH_EVERY
    seats = [Seat(room, line=line), Seat(room, batches=False, line=line), Seat(room, ALICE, line=line)]
    for seat in seats:
        room.add(seat)
    last = 4 * LIMIT // 4000
    for seq in range(1, last + 1):  # a page at a time, as from the database
        arrive(room, change(seq, text * 4000, author="u1", ref="r"))
        if seq % page == 0:
            await room.until_delivered()

    for seat in seats:
        assert await seat.gets(last) == list(range(1, last + 1))
        assert seat.closed_with is None


@leaping_scene
async def test_a_room_that_more_comes_to_than_its_pace_allows_hurries() -> None:
    room, clock = new_room(), asyncio.get_running_loop().time
    frame = change(1, "x" * LARGEST_BATCH).frame
    arrive(room, *(Change(seq, seq - 1, frame) for seq in range(1, MOST_WAITING + 501)))
    await room.until_past(499)
    assert clock() == 0

    await room.until_delivered()
    assert clock() == pytest.approx(MOST_WAITING * BATCH_EVERY, rel=0.01)


@leaping_scene
async def test_an_ordinary_comment_does_not_wait() -> None:
    room, clock = new_room(), asyncio.get_running_loop().time
    seat = Seat(room)
    room.add(seat)
    for seq in range(1, 11):
        arrive(room, change(seq, "x" * 5000))
        await seat.gets(seq)

    assert clock() == 0


@leaping_scene
async def test_who_delivers_more_can_wait_until_all_is_sent() -> None:
    room = new_room()
    seat = Seat(room)
    room.add(seat)
    arrive(room, *(change(seq, "x" * (LARGEST_BATCH // 2)) for seq in range(1, 7)))
    assert room.position == 0

    await room.until_delivered()
    assert room.position == 6
    assert await seat.gets(6) == list(range(1, 7))


@leaping_scene
async def test_a_reader_who_is_sent_away_for_being_slow_takes_nothing_from_the_others() -> None:
    room = new_room()
    slow = [Seat(room, stuck=True) for _ in range(5)]
    quick = [Seat(room) for _ in range(5)]
    for seat in [*slow, *quick]:
        room.add(seat)
    for seq in range(1, 12):
        arrive(room, change(seq, "x" * (LIMIT // 4)))
        await room.until_delivered()
        await all_delivered()

    assert {seat.closed_with for seat in slow} == {Close.TOO_SLOW}
    assert [seat.seqs() for seat in quick] == [list(range(1, 12))] * 5
    assert room.subscribers == set(quick)


@leaping_scene
async def test_the_ref_goes_to_its_author_alone() -> None:
    room = new_room()
    alice, stranger = Seat(room, ALICE), Seat(room)
    room.add(alice)
    room.add(stranger)
    arrive(room, change(1), change(2, author="u1", ref="my-ref"), change(3, author="u2", ref="not-mine"))
    await all_delivered()

    assert "my-ref" in str(alice.texts)
    assert "not-mine" not in str(alice.texts)
    assert "-ref" not in str(stranger.texts)


@leaping_scene
async def test_a_newcomer_is_told_the_present_address_of_what_is_commented_on() -> None:
    room = new_room()
    before, now = (wire.Subject(kind="article", key=key, url=f"/articles/{key}/") for key in ("old", "new"))
    room.note_subject(now, read_at=2.0)
    room.note_subject(before, read_at=1.0)  # a look that began earlier, and was answered late

    assert room.welcome(None).subject == now


def test_a_picture_is_drawn_where_it_changed_and_not_too_often() -> None:
    readers = 0
    picture = Picture(lambda: PresenceNow(count=readers, anonymous=readers, members=[]), every=1.0)
    drawn = []
    for now, readers in [(0.0, 1), (0.5, 2), (1.0, 2), (5.0, 2), (5.1, 1), (5.2, 2), (6.1, 2)]:  # noqa: B007
        frame, again = picture.redraw(now)
        drawn.append((now, frame is not None, again))

    assert [now for now, is_drawn, _ in drawn if is_drawn] == [0.0, 1.0, 5.1, 6.1]
    assert [now for now, _, again in drawn if again] == [0.5, 5.2]
