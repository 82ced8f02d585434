"""The hub: its process's only member of the threads' groups, which hears each change for all readers here.

The channel layer makes it fast, the database makes it true. Whatever the layer loses is found in two ways: a
hole in the numbering is read from the database after HOLE_PATIENCE, and every HEADS_EVERY one query compares
the heads of all threads that are being read here.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from comments import wire
from comments.announcements import (
    AnyPresence,
    ReactionsChange,
    RightsChange,
    SubjectRevised,
    ThreadChange,
    TypingSign,
    Unpacker,
)
from comments.authors import Author, user_key
from comments.publisher import PEOPLE, publisher
from realtime.frames import Prepared
from realtime.presence.presence import DIGEST_EVERY
from realtime.protocol import Close, Revised, encode
from realtime.readers.rights_watch import check_readers, has_account
from realtime.rooms.addresses import Address, Addresses
from realtime.rooms.clock import Clock
from realtime.rooms.membership import Membership
from realtime.rooms.moment import PRESENCE_EVERY
from realtime.rooms.moments import Moments
from realtime.rooms.reaction_reads import ReactionReads
from realtime.rooms.repair import HOLE_PATIENCE, Repairs
from realtime.rooms.room import Room, Subscriber
from realtime.rooms.table import Rooms
from realtime.rooms.tasks import Tasks

HEADS_EVERY = 2.0  # s
HEADS_EVERY_ALONE = 0.5  # s, while the channel layer is silent and they are all there is
SILENT_AFTER = 2.5 * DIGEST_EVERY  # s in which not even our own messages came back from the layer
TICK = 0.1  # s: how late presence and typing may be
SILENCE = 45.0  # s without any frame from a socket, after which it is given up
RIGHTS_PATIENCE = 0.5  # s: Django tells of a logout just before it deletes the session
RIGHTS_EVERY = 30.0  # s between two looks at what the readers here may do


class Hub:
    """The readers of one process. It belongs to one event loop, and every method is called there."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        publisher.attach(self._loop)
        self._node = uuid.uuid4().hex[:12]
        self._unpacker = Unpacker()
        self._tasks = Tasks()
        self._membership = Membership(
            on_message=self._hear, on_begun=self._join_groups, silent_after=SILENT_AFTER
        )
        self._addresses = Addresses()
        self._rooms = Rooms(
            self._node, self._membership, self._tasks, on_member=self._ask, on_open=self._look_again
        )
        self._moments = Moments(self._node, self._rooms, self._tasks)
        self._repairs = Repairs(self._rooms, self._tasks)
        self._reactions = ReactionReads(self._rooms, self._tasks)
        self._clock = Clock()
        self._set_clock()
        self._tasks.spawn(self._keep_time())

    # Readers

    async def enter(self, address: Address) -> Room:
        """The room of what is at this address, which is open; made if nobody reads it here yet.

        address: kind and key, as in the URL. Raises CommentError 404 where nothing public is there, or what
        the database raises when it is out of reach.
        """
        found = await self._addresses.find(address)
        room = await self._rooms.enter(found.thread_id)
        room.note_subject(found.subject, found.read_at)
        return room

    def join(self, room: Room, subscriber: Subscriber) -> None:
        """Begin to deliver to a reader."""
        if room not in self._rooms:  # it was given up while the reader was on the way
            subscriber.close_soon(Close.RESET, "reset")
            return
        room.add(subscriber)
        self._moments.join(room, subscriber)

    def leave(self, room: Room, subscriber: Subscriber, *, for_good: bool = False) -> None:
        """Stop delivering to a reader; `for_good` if they must not be shown a moment longer."""
        if subscriber in room.subscribers:
            room.remove(subscriber)
            self._moments.leave(room, subscriber, self._loop.time(), for_good=for_good)

    def identify(self, room: Room, subscriber: Subscriber, author: Author | None) -> None:
        """A reader turned out to be this person, or nobody."""
        if subscriber in room.subscribers:
            self._moments.identify(room, subscriber, author, self._loop.time())
        else:  # they left while somebody asked who they are
            subscriber.author = author

    def show_typing(self, room: Room, author: Author, parent: str | None, on: bool) -> None:
        """Somebody types here, or stopped."""
        self._moments.show_typing(room, author, parent, on, self._loop.time())

    async def check_rights(self, user_id: str | None = None) -> None:
        """Ask again who the users here are, or one of them, and tell or close those for whom it changed."""
        if user_id is not None:
            await asyncio.sleep(RIGHTS_PATIENCE)  # and who comes meanwhile is asked, too
            self._moments.forget(user_key(user_id))
        everybody = (reader for room in self._rooms for reader in room.subscribers)
        await check_readers([reader for reader in everybody if has_account(reader, user_id)])

    # The channel layer

    def _hear(self, message: Mapping[str, Any]) -> None:
        announcement = self._unpacker.unpack(message)
        if announcement is None:
            return
        if isinstance(announcement, RightsChange):
            self._tasks.spawn(self.check_rights(announcement.user))
            return
        if getattr(announcement, "node", None) == self._node:
            self._membership.echoed()
        room = self._rooms.get(announcement.thread)
        if room is not None:
            self._hear_in(room, announcement)

    def _hear_in(
        self,
        room: Room,
        announcement: ThreadChange | ReactionsChange | SubjectRevised | AnyPresence | TypingSign,
    ) -> None:
        match announcement:
            case ThreadChange():
                self._hear_change(room, announcement)
            case ReactionsChange():
                if announcement.epoch == room.epoch:
                    room.reactions.hear(announcement.seq)
            case SubjectRevised():
                self._hear_revision(room, announcement.subject)
            case TypingSign():
                self._moments.hear_typing(room, announcement, self._loop.time())
            case _:
                self._moments.hear_presence(room, announcement, self._loop.time())

    def _hear_change(self, room: Room, announcement: ThreadChange) -> None:
        if room.is_open and announcement.epoch != room.epoch:
            self._heads.bring_forward(0.0)  # numbered anew, or the message is old: the heads tell which
            return
        room.take(announcement.change)
        if announcement.change.author is not None:
            self._moments.stir(room)
        if room.has_hole:
            self._repairs.start(room, HOLE_PATIENCE)

    def _hear_revision(self, room: Room, subject: wire.Subject) -> None:
        if room.note_subject(subject, self._loop.time()):
            room.write(Prepared(encode(Revised(**msgspec.structs.asdict(subject)))))

    async def _join_groups(self) -> None:
        await self._membership.join(PEOPLE)
        await self._rooms.join_groups()

    def _ask(self, room: Room) -> None:
        self._moments.ask(room)

    # The clock

    def _set_clock(self) -> None:
        self._clock.add(self._moments.expire, PRESENCE_EVERY)
        self._clock.add(self._moments.show, 0)
        self._clock.add(self._reactions.look, 0)
        self._clock.add(self._give_sign_of_life, DIGEST_EVERY)
        rights = self._clock.add(lambda _now: self._tasks.spawn(self.check_rights()), RIGHTS_EVERY)
        rights.at = self._loop.time() + RIGHTS_EVERY
        self._heads = self._clock.add(self._check_heads, self._heads_every)
        self._clock.add(self._tidy, HEADS_EVERY)

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._clock.tick(self._loop.time())

    def _give_sign_of_life(self, now: float) -> None:
        if not self._rooms:
            self._membership.echoed()  # we have nothing to say, so there is no echo to miss
        self._moments.send_digests()
        self._membership.begin_again_if_silent(now)

    def _heads_every(self, now: float) -> float:
        return HEADS_EVERY_ALONE if self._membership.is_silent(now) else HEADS_EVERY

    def _look_again(self) -> None:
        """A layer may confirm a membership before it is real; look at the heads before the regular check."""
        self._heads.bring_forward(self._loop.time() + 5 * TICK)

    def _check_heads(self, now: float) -> None:
        self._tasks.spawn(self._repairs.check_heads())

    def _tidy(self, now: float) -> None:
        self._rooms.forget_empty(now)
        self._rooms.join_missing_groups()
        for room in self._rooms:
            for subscriber in [s for s in room.subscribers if now - s.heard_at >= SILENCE]:
                subscriber.close_soon(Close.HEARTBEAT_MISSED, "heartbeat_missed")


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def get_hub() -> Hub:
    """The hub of the running event loop; a server has one loop, tests have many."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for closed in [known for known in _hubs if known.is_closed()]:
            del _hubs[closed]
        _hubs[loop] = Hub()
    return _hubs[loop]
