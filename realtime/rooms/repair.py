"""What the channel layer lost: read from the database, once for all readers of an article in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from enum import Enum, auto

import msgspec

from comments import queries, wire
from realtime.database import run_repair
from realtime.rooms.room import Room
from realtime.rooms.sequencer import Change


class Finding(Enum):
    """What the head of a thread says about the room in which it is read."""

    CURRENT = auto()
    BEHIND = auto()  # the layer lost something, or it is still on its way
    NUMBERED_ANEW = auto()
    GONE = auto()  # its article may not be read any more


async def compare_heads(rooms: Iterable[Room]) -> list[tuple[Room, Finding]]:
    """Compare the heads of threads with what readers here have, in one query.

    Raises what the database raises when it is out of reach.
    """
    positions = {room: room.sequencer.position for room in rooms}  # as they are now: the heads are read later
    heads = await run_repair(queries.get_heads, [room.thread_id for room in positions])
    return [(room, _judge(room, before, heads.get(room.thread_id))) for room, before in positions.items()]


def _judge(room: Room, before: int, head: queries.Head | None) -> Finding:
    if head is None:
        return Finding.GONE
    if head.epoch != room.epoch or head.seq < before:
        return Finding.NUMBERED_ANEW
    return Finding.BEHIND if head.seq > room.sequencer.position else Finding.CURRENT


async def fill(room: Room, patience: float = 0.0) -> Finding:
    """Deliver what is missing in a room: all of it, or after `patience` seconds what a hole still lacks.

    Returns CURRENT or NUMBERED_ANEW. Raises what the database raises when it is out of reach.
    """
    await asyncio.sleep(patience)
    if patience and not room.sequencer.has_hole:
        return Finding.CURRENT  # it was only out of order
    while not room.closed:
        after = room.sequencer.position
        missed = await run_repair(queries.history, room.thread_id, after, epoch=room.epoch)
        if missed.reset:
            return Finding.NUMBERED_ANEW
        room.deliver(room.sequencer.fill(changes_of(missed), missed.seq))
        if not missed.has_more:
            break
        await room.until_delivered()  # or all of a long absence would wait in memory
    return Finding.CURRENT


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
    return Change(change.seq, change.prev, wire.encode(change).decode(), author=author, policy=policy)
