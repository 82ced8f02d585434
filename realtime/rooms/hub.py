"""The hub: its process's only member of the articles' groups, which hears each change for all readers here.

The channel layer makes it fast, the database makes it true. Whatever the layer loses is found in two ways: a
hole in the numbering is read from the database after HOLE_PATIENCE, and every HEADS_EVERY one query compares
the heads of all articles that are being read here.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import Coroutine
from typing import Any

from comments import queries
from comments.authors import Author, user_key
from comments.models import Thread
from comments.publisher import PEOPLE, group_of, publisher
from comments.readers import remember_readers
from realtime.database import run_repair
from realtime.presence.presence import DIGEST_EVERY, Presence
from realtime.presence.typing import Typing
from realtime.protocol import Close, Typist
from realtime.readers.rights_watch import check_readers, has_account
from realtime.rooms import repair
from realtime.rooms.membership import Membership
from realtime.rooms.repair import Finding
from realtime.rooms.room import PRESENCE_EVERY, Room, Subscriber
from realtime.rooms.sequencer import Change

logger = logging.getLogger(__name__)

HOLE_PATIENCE = 0.05  # s that a change may come out of order before the database is asked
HEADS_EVERY = 2.0  # s
HEADS_EVERY_ALONE = 0.5  # s, while the channel layer is silent and they are all there is
SILENT_AFTER = 2.5 * DIGEST_EVERY  # s in which not even our own messages came back from the layer
TICK = 0.1  # s: how late presence and typing may be
SILENCE = 45.0  # s without any frame from a socket, after which it is given up
RIGHTS_PATIENCE = 0.5  # s: Django tells of a logout just before it deletes the session
RIGHTS_EVERY = 30.0  # s between two looks at what the readers here may do
EMPTY_ROOM_KEPT = 10.0  # s, so that a reload finds it
CHANGE_FIELDS = ("seq", "prev", "frame", "author", "ref", "policy")


class Hub:
    """The rooms of one process. It belongs to one event loop, and every method is called there."""

    def __init__(self) -> None:
        self.rooms: dict[int, Room] = {}
        self._node = uuid.uuid4().hex[:12]
        self._loop = asyncio.get_running_loop()
        self._restless: set[Room] = set()  # rooms whose presence or typing may have changed
        self._tasks: set[asyncio.Task[None]] = set()
        self._checking = False
        self._heads_at = self._digest_at = self._presence_at = 0.0
        self._rights_at = self._loop.time() + RIGHTS_EVERY
        publisher.attach(self._loop)
        self._spawn(self._keep_time())
        self._membership = Membership(
            on_message=self._handle, on_begun=self._subscribe_all, silent_after=SILENT_AFTER
        )

    # Readers

    async def enter(self, thread_id: int) -> Room:
        """The room of an article, with its position known; made if nobody reads it here yet.

        Raises Thread.DoesNotExist, or what the database raises when it is out of reach.
        """
        room = self.rooms.get(thread_id)
        if room is None:
            presence = Presence(self._node, incarnation=secrets.token_hex(4))
            room = self.rooms[thread_id] = Room(thread_id, presence)
            self._spawn(self._open(room))
        # Shielded: a socket that leaves while the room opens must not take it from the others who wait.
        await asyncio.shield(room.ready)
        return room

    def join(self, room: Room, subscriber: Subscriber) -> None:
        """Begin to deliver to a socket."""
        if self.rooms.get(room.thread_id) is not room:  # it was given up while the socket was on its way
            subscriber.close_soon(Close.RESET, "start_again")
            return
        room.add(subscriber)
        room.show_moment_to(subscriber)
        self._restless.add(room)

    def leave(self, room: Room, subscriber: Subscriber, *, for_good: bool = False) -> None:
        """Stop delivering to a socket; `for_good` if its reader must not be shown a moment longer."""
        if subscriber not in room.subscribers:
            return
        room.remove(subscriber, self._loop.time(), for_good=for_good)
        self._restless.add(room)
        self._end_typing(room, subscriber.author)
        if not room.subscribers:
            self._tell_presence(room)  # now: if the process is ending, there may be no next tick

    def identify(self, room: Room, subscriber: Subscriber, author: Author | None) -> None:
        """A socket's reader turned out to be this person."""
        before = subscriber.author
        room.rename(subscriber, author, self._loop.time())
        self._restless.add(room)
        self._end_typing(room, before)

    def show_typing(self, room: Room, author: Author, parent: str | None, on: bool) -> None:
        """Somebody types here, or stopped."""
        typist = Typist(author.key, author.name, parent)
        if on:
            room.typing.start(typist, self._loop.time())
        else:
            room.typing.stop(typist.id)
        self._restless.add(room)
        self._tell(room, "typing", Typing.message(typist, on))

    def _end_typing(self, room: Room, author: Author | None) -> None:
        """Whoever has no socket here any more does not type here either."""
        if author is not None and not room.presence.is_here(author.key) and room.typing.stop(author.key):
            self._tell(room, "typing", Typing.message(Typist(author.key, author.name, None), on=False))

    # Rooms

    async def _open(self, room: Room) -> None:
        """Join the group, then read where the thread stands: what comes in between is held, not lost."""
        await self._subscribe(room)
        try:
            heads = await run_repair(queries.get_heads, [room.thread_id])
            if room.thread_id not in heads:
                raise Thread.DoesNotExist
        except Exception as error:
            self._forget(room)
            room.ready.set_exception(error)
            room.ready.exception()  # seen, even if every socket that waited has gone
            return
        head = heads[room.thread_id]
        room.epoch, room.policy = head.epoch, head.policy
        room.deliver(room.sequencer.start(head.seq))
        room.empty_since = self._loop.time()
        room.ready.set_result(None)
        # A layer may confirm a membership before it is real; look again before the regular check.
        self._heads_at = min(self._heads_at, self._loop.time() + 5 * TICK)

    async def _subscribe_all(self) -> None:
        await self._membership.join(PEOPLE)
        for room in list(self.rooms.values()):
            await self._subscribe(room)

    def _join_missing_groups(self) -> None:
        """Try again where the layer did not take us; each by itself, for a Redis that hangs hangs for all."""
        for room in self.rooms.values():
            if room.ready.done() and group_of(room.thread_id) not in self._membership:
                self._spawn(self._subscribe(room))

    async def _subscribe(self, room: Room) -> None:
        group = group_of(room.thread_id)
        if not await self._membership.join(group):
            return
        if room.thread_id in self.rooms:
            self._tell(room, "presence", room.presence.request())
        else:  # it was given up meanwhile
            await self._membership.leave(group)

    # Messages of the channel layer

    def _handle(self, message: dict[str, Any]) -> None:
        if message.get("node") == self._node:
            self._membership.echoed()
        if message["type"] == "rights":
            self._spawn(self.check_rights(message["user"]))
            return
        room = self.rooms.get(message["thread"])
        if room is None:
            return
        match message["type"]:
            case "change":
                self._take_change(room, message)
            case "presence":
                answer = room.presence.receive(message["presence"], self._loop.time())
                if answer is not None:
                    self._tell(room, "presence", answer)
                self._restless.add(room)
            case "typing" if message["node"] != self._node:
                room.typing.receive(message["typing"], self._loop.time())
                self._restless.add(room)

    def _take_change(self, room: Room, message: dict[str, Any]) -> None:
        if room.ready.done() and message["epoch"] != room.epoch:
            self._heads_at = 0.0  # numbered anew, or the message is old: the heads tell which
            return
        change = Change(**{field: message[field] for field in CHANGE_FIELDS})
        room.deliver(room.sequencer.offer(change))
        if change.author is not None:
            self._restless.add(room)
        if room.sequencer.has_hole:
            self._start_repair(room, HOLE_PATIENCE)

    def _tell(self, room: Room, kind: str, content: dict[str, Any]) -> None:
        """Tell the other processes."""
        publisher.publish(
            group_of(room.thread_id),
            {"type": kind, "thread": room.thread_id, "node": self._node, kind: content},
            fleeting=True,
        )

    # Repair

    def _start_repair(self, room: Room, patience: float = 0.0) -> None:
        if not room.repairing:
            room.repairing = True
            self._spawn(self._repair(room, patience))

    async def _repair(self, room: Room, patience: float) -> None:
        try:
            finding = await repair.fill(room, patience)
        except Exception as error:  # the next look at the heads tries again
            logger.warning("changes of article %d could not be read: %r", room.thread_id, error)
        else:
            self._act_on(finding, room)
        finally:
            room.repairing = False

    async def _check_heads(self) -> None:
        rooms = [room for room in self.rooms.values() if room.ready.done()]
        if not rooms or self._checking:
            return
        self._checking = True  # one at a time: a database that hangs must not collect them
        try:
            findings = await repair.compare_heads(rooms)
        except Exception as error:  # the next look tries again
            logger.warning("the heads could not be read: %r", error)
            return
        finally:
            self._checking = False
        for room, finding in findings:
            if self.rooms.get(room.thread_id) is room:  # and was not closed meanwhile
                self._act_on(finding, room)

    def _act_on(self, finding: Finding, room: Room) -> None:
        match finding:
            case Finding.BEHIND:
                self._start_repair(room)
            case Finding.NUMBERED_ANEW:  # readers start again from a snapshot, in a new room
                self._give_up(room, Close.RESET, "start_again")
            case Finding.GONE:
                self._give_up(room, Close.GONE, "gone")

    def _give_up(self, room: Room, code: Close, reason: str) -> None:
        """Send every reader away; who comes from now on gets a new room."""
        self._forget(room)
        room.close(code, reason)

    def _forget(self, room: Room) -> None:
        if self.rooms.get(room.thread_id) is room:  # and not one that took its place
            del self.rooms[room.thread_id]
            self._spawn(self._membership.leave(group_of(room.thread_id)))

    # Rights

    async def check_rights(self, user_id: str | None = None) -> None:
        """Ask again who the users here are, or one of them, and tell or close those for whom it changed."""
        if user_id is not None:
            await asyncio.sleep(RIGHTS_PATIENCE)  # and who comes meanwhile is asked, too
            self._forget_departed(user_key(user_id))
        everybody = (reader for room in self.rooms.values() for reader in room.subscribers)
        await check_readers([reader for reader in everybody if has_account(reader, user_id)])

    def _forget_departed(self, key: str) -> None:
        """Show a user no longer who closed the page as they logged out. Who is still there is still shown."""
        self._restless.update(room for room in self.rooms.values() if room.presence.forget(key))

    # The clock

    async def _keep_time(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            try:
                await self._tick(self._loop.time())
            except Exception:
                logger.exception("a tick of the hub failed")

    async def _tick(self, now: float) -> None:
        if not self.rooms:
            self._membership.echoed()  # we have nothing to say, so there is no echo to miss
        if now >= self._presence_at:
            self._presence_at = now + PRESENCE_EVERY
            self._expire_presence(now)
        self._show_moments(now)
        if now >= self._digest_at:
            self._digest_at = now + DIGEST_EVERY
            self._send_digests()
            self._membership.begin_again_if_silent(now)
        if now >= self._rights_at:
            self._rights_at = now + RIGHTS_EVERY
            self._spawn(self.check_rights())
        if now >= self._heads_at:
            self._heads_at = now + (HEADS_EVERY_ALONE if self._membership.is_silent(now) else HEADS_EVERY)
            self._close_empty_rooms(now)
            self._spawn(self._check_heads())
            self._join_missing_groups()
            self._close_silent_sockets(now)

    def _show_moments(self, now: float) -> None:
        restless, self._restless = self._restless, set()
        for room in restless:
            if not room.ready.done():
                continue
            self._tell_presence(room)
            if room.show_moment(now):
                self._restless.add(room)

    def _tell_presence(self, room: Room) -> None:
        told = room.presence.diff()
        if told is not None:
            self._tell(room, "presence", told)

    def _expire_presence(self, now: float) -> None:
        self._restless.update(room for room in self.rooms.values() if room.presence.expire(now))

    def _send_digests(self) -> None:
        for room in self.rooms.values():
            self._tell(room, "presence", room.presence.digest())
        if self.rooms:
            counts = {room.thread_id: room.presence.snapshot().count for room in self.rooms.values()}
            self._spawn(run_repair(remember_readers, counts))

    def _close_empty_rooms(self, now: float) -> None:
        for room in list(self.rooms.values()):
            if room.is_idle and now - room.empty_since >= EMPTY_ROOM_KEPT:
                self._forget(room)

    def _close_silent_sockets(self, now: float) -> None:
        for room in self.rooms.values():
            for subscriber in [s for s in room.subscribers if now - s.heard_at >= SILENCE]:
                subscriber.close_soon(Close.HEARTBEAT_MISSED, "heartbeat_missed")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)  # the loop alone would let go of it
        task.add_done_callback(self._tasks.discard)
        return task


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def get_hub() -> Hub:
    """The hub of the running event loop; a server has one loop, tests have many."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for closed in [known for known in _hubs if known.is_closed()]:
            del _hubs[closed]
        _hubs[loop] = Hub()
    return _hubs[loop]
