"""The rooms of one process, from the first reader who comes to some time after the last one left."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

from comments import queries
from comments.errors import not_found
from comments.outages import Unanswered
from comments.publisher import group_of
from realtime.database import run_repair
from realtime.presence.presence import Presence
from realtime.protocol import Close
from realtime.rooms.membership import Membership
from realtime.rooms.moment import Moment
from realtime.rooms.room import Room
from realtime.rooms.tasks import Tasks

EMPTY_ROOM_KEPT = 10.0  # s, so that a reload finds it


class Rooms:
    """The rooms by thread, each with the process's membership in the thread's group.

    on_member: called when the process has become a member of a room's group. on_open: called when a room has
    opened.
    """

    def __init__(
        self,
        node: str,
        membership: Membership,
        tasks: Tasks,
        *,
        on_member: Callable[[Room], None],
        on_open: Callable[[], None],
    ) -> None:
        self._node = node
        self._membership = membership
        self._tasks = tasks
        self._on_member = on_member
        self._on_open = on_open
        self._rooms: dict[int, Room] = {}

    def __iter__(self) -> Iterator[Room]:
        return iter(list(self._rooms.values()))

    def __len__(self) -> int:
        return len(self._rooms)

    def __contains__(self, room: Room) -> bool:
        return self._rooms.get(room.thread_id) is room

    def get(self, thread_id: int) -> Room | None:
        """The room of this thread, if somebody reads it here."""
        return self._rooms.get(thread_id)

    @property
    def open(self) -> list[Room]:
        """The rooms that have opened."""
        return [room for room in self._rooms.values() if room.is_open]

    async def enter(self, thread_id: int) -> Room:
        """The room of this thread, which is open; made if nobody reads the thread here yet.

        Raises CommentError 404, Unanswered where nobody can say now whether the thread is public, or what the
        database raises when it is out of reach.
        """
        room = self._rooms.get(thread_id) or self._make(thread_id)
        await room.until_open()
        return room

    def give_up(self, room: Room, code: Close, reason: str) -> None:
        """Send every reader away; who comes from now on gets a new room."""
        self._forget(room)
        room.close(code, reason)

    def forget_empty(self, now: float) -> None:
        """Forget the rooms that nobody has read in for a while."""
        for room in self:
            if room.was_empty_at(now, EMPTY_ROOM_KEPT):
                self._forget(room)

    async def join_groups(self) -> None:
        """Become a member of every room's group, where the process is in none."""
        for room in self:
            await self._join_group(room)

    def join_missing_groups(self) -> None:
        """Try again where the layer did not take us; each by itself, for a Redis that hangs hangs for all."""
        for room in self.open:
            if group_of(room.thread_id) not in self._membership:
                self._tasks.spawn(self._join_group(room))

    def _make(self, thread_id: int) -> Room:
        presence = Presence(thread=thread_id, node=self._node, incarnation=secrets.token_hex(4))
        room = self._rooms[thread_id] = Room(thread_id, Moment(presence))
        self._tasks.spawn(self._open(room))
        return room

    async def _open(self, room: Room) -> None:
        """Join the group, then read where the thread stands: what comes in between is held, not lost."""
        await self._join_group(room)
        try:
            heads = await run_repair(queries.get_heads, [room.thread_id])
            if room.thread_id in heads.unknown:
                raise Unanswered("the subject could not say what is public")
            if room.thread_id not in heads.public:
                raise not_found()
        except Exception as error:  # raised again in everybody who waits for the room
            self._forget(room)
            room.fail(error)
            return
        room.open(heads.public[room.thread_id])
        self._on_open()

    async def _join_group(self, room: Room) -> None:
        group = group_of(room.thread_id)
        if not await self._membership.join(group):
            return
        if room in self:
            self._on_member(room)
        elif room.thread_id not in self._rooms:  # it was given up meanwhile, and no other took its place
            await self._membership.leave(group)

    def _forget(self, room: Room) -> None:
        if room in self:  # and not one that took its place
            del self._rooms[room.thread_id]
            self._tasks.spawn(self._membership.leave(group_of(room.thread_id)))
