"""What the channel layer lost: read from the database, once for all readers of a thread in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from enum import Enum, auto

import msgspec

from comments import queries, wire
from comments.announcements import Change
from realtime.database import log_failure, run_repair
from realtime.protocol import Close
from realtime.rooms.room import Room
from realtime.rooms.table import Rooms
from realtime.rooms.tasks import Tasks

HOLE_PATIENCE = 0.05  # s that a change may come out of order before the database is asked


class Finding(Enum):
    """What the database says about a room."""

    UP_TO_DATE = auto()
    BEHIND = auto()  # the layer lost something, or it is still on its way
    RESET = auto()  # the numbering is new: readers start again from a snapshot
    GONE = auto()  # what is commented on is not public any more


class Repairs:
    """Finds out what rooms lack, reads it, and closes rooms whose readers can't go on."""

    def __init__(self, rooms: Rooms, tasks: Tasks) -> None:
        self._rooms = rooms
        self._tasks = tasks
        self._under_way: set[Room] = set()
        self._comparing = False

    def start(self, room: Room, patience: float = 0.0) -> None:
        """Read what the room lacks, or after `patience` seconds what a hole still lacks."""
        if room not in self._under_way:
            self._under_way.add(room)
            self._tasks.spawn(self._repair(room, patience))

    async def check_heads(self) -> None:
        """Compare all rooms with the heads of their threads, and repair those that are behind."""
        rooms = self._rooms.open
        if not rooms or self._comparing:
            return
        self._comparing = True  # one at a time: a database that hangs must not collect them
        try:
            findings = await compare_heads(rooms)
        except Exception as error:  # the database's; the next look tries again
            log_failure("the heads could not be read", error)
            return
        finally:
            self._comparing = False
        for room, finding in findings:
            self._act_on(finding, room)

    async def _repair(self, room: Room, patience: float) -> None:
        try:
            finding = await fill(room, patience)
        except Exception as error:  # the database's; the next look at the heads tries again
            log_failure(f"changes of thread {room.thread_id} could not be read", error)
        else:
            self._act_on(finding, room)
        finally:
            self._under_way.discard(room)

    def _act_on(self, finding: Finding, room: Room) -> None:
        if room not in self._rooms:  # it was closed meanwhile
            return
        match finding:
            case Finding.BEHIND:
                self.start(room)
            case Finding.RESET:
                self._rooms.give_up(room, Close.RESET, "reset")
            case Finding.GONE:
                self._rooms.give_up(room, Close.GONE, "gone")


async def compare_heads(rooms: Iterable[Room]) -> list[tuple[Room, Finding]]:
    """Compare the heads of threads with what readers here have, in one query.

    Raises what the database raises when it is out of reach.
    """
    # As they are now: the heads are read later.
    positions = {room: (room.known, room.reactions.known) for room in rooms}
    heads = await run_repair(queries.get_heads, [room.thread_id for room in positions])
    return [(room, _judge(room, before, heads)) for room, before in positions.items()]


def _judge(room: Room, before: tuple[int, int], heads: queries.Heads) -> Finding:
    if room.thread_id in heads.unknown:
        return Finding.UP_TO_DATE  # as far as anybody knows; the next look asks again
    head = heads.public.get(room.thread_id)
    if head is None:
        return Finding.GONE
    if head.epoch != room.epoch or head.seq < before[0] or head.reaction_seq < before[1]:
        return Finding.RESET
    room.reactions.hear(head.reaction_seq)
    return Finding.BEHIND if head.seq > room.known else Finding.UP_TO_DATE


async def fill(room: Room, patience: float = 0.0) -> Finding:
    """Deliver what is missing in a room: all of it, or after `patience` seconds what a hole still lacks.

    Returns UP_TO_DATE or RESET. Raises what the database raises when it is out of reach.
    """
    await asyncio.sleep(patience)
    if patience and not room.has_hole:
        return Finding.UP_TO_DATE  # it was only out of order
    while not room.closed:
        missed = await run_repair(queries.history, room.thread_id, room.known, epoch=room.epoch)
        if missed.reset:
            return Finding.RESET
        room.fill(changes_of(missed), missed.seq)
        if not missed.has_more:
            break
        await room.until_delivered()  # or all of a long absence would wait in memory
    return Finding.UP_TO_DATE


def changes_of(page: wire.History) -> list[Change]:
    """The changes of a page that was read from the database; the last of all tells the count."""
    changes = list(page.changes)
    if changes and not page.has_more and not isinstance(changes[-1], wire.ThreadChanged):
        changes[-1] = msgspec.structs.replace(changes[-1], count=page.count)
    return [_as_read(change) for change in changes]


def _as_read(change: wire.Change) -> Change:
    """A change that was read from the database."""
    author = change.user_id if isinstance(change, wire.Message) else None
    policy = change.policy if isinstance(change, wire.ThreadChanged) else None
    return Change(change.seq, change.prev, wire.encode(change), author=author, policy=policy)
