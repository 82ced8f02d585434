"""The readers of one article in this process: what each of them is sent, and in which order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from comments.authors import Author
from comments.text import MAX_CONTENT
from realtime import protocol
from realtime.presence.presence import Presence
from realtime.presence.typing import Typing
from realtime.protocol import (
    Close,
    Limits,
    Person,
    PresenceNow,
    Reader,
    Rights,
    Welcome,
    WhoIsTyping,
)
from realtime.readers.identity import Credentials
from realtime.readers.send_queue import LARGEST_BATCH, Prepared, batched
from realtime.rooms.sequencer import Change, Sequencer

PRESENCE_EVERY = 1.0  # s between two presence frames, at the least
TYPING_EVERY = 0.5  # s between two typing frames, at the least
BATCH_EVERY = 0.05  # s for each LARGEST_BATCH of a burst: 10.5 Mbit/s, less than most lines take
MOST_WAITING = 2000  # changes; beyond that there is no pace: a process that fills up is worse than haste
NOBODY_TYPES = WhoIsTyping(users=[], count=0)  # what a page shows before it is told anything


class Sink(Protocol):
    """Where frames for one reader go."""

    @property
    def batches(self) -> bool:
        """Whether several frames may come as one array."""

    def write(self, frame: Prepared) -> None:
        """Take a frame, without making the caller wait."""


class Subscriber(Protocol):
    """One reader's connection, as the room sees it."""

    author: Author | None

    @property
    def outbox(self) -> Sink:
        """Where its frames go."""

    credentials: Credentials
    heard_at: float  # when the last frame came from it, by the loop's clock

    def close_soon(self, code: Close, reason: str) -> None:
        """Say bye and close, without making the caller wait."""

    def recognise(self, author: Author | None) -> None:
        """Go on as somebody else, or as nobody."""


class Picture:
    """The last picture of the moment that went out: it is drawn again on change, and not too often."""

    def __init__(self, every: float, frame: PresenceNow | WhoIsTyping | None = None) -> None:
        self.frame = frame
        self._every = every
        self._drawn_at = float("-inf")

    def redraw(self, frame: PresenceNow | WhoIsTyping, now: float) -> Prepared | None:
        """The frame to send now; None if nothing changed or it is too early, then ask again later."""
        if frame == self.frame or not self.may_change(now):
            return None
        self.frame, self._drawn_at = frame, now
        return Prepared(protocol.encode(frame), fleeting=True)

    def may_change(self, now: float) -> bool:
        return now - self._drawn_at >= self._every


class Room:
    """The local readers of one article, with its numbering, its presence and its typing.

    Frames that come in one turn of the event loop go out together at its end: an idle server adds no delay, a
    busy one batches. A burst goes out at a pace of LARGEST_BATCH each BATCH_EVERY, so that no haste of ours
    overflows the outbox of a reader who keeps up.
    """

    def __init__(self, thread_id: int, presence: Presence) -> None:
        self.thread_id = thread_id
        self.epoch = ""
        self.policy = ""
        self.sequencer = Sequencer()
        self.presence = presence
        self.typing = Typing()
        self.subscribers: set[Subscriber] = set()
        self._watchers: set[asyncio.Event] = set()
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.empty_since = asyncio.get_running_loop().time()
        self.repairing = False
        self.closed = False
        self._presence_picture = Picture(PRESENCE_EVERY)
        self._typing_picture = Picture(TYPING_EVERY, NOBODY_TYPES)
        self._outgoing: deque[Change] = deque()
        self._sent = 0
        self._flush_due = False
        self._paid_at = float("-inf")  # when what was sent is within the pace, by the loop's clock

    @property
    def position(self) -> int:
        """The number of the last change that readers here were sent; a newcomer starts behind it."""
        if not self._outgoing:
            return self.sequencer.position
        return max(self._sent, self._outgoing[0].prev)

    def add(self, subscriber: Subscriber) -> None:
        """A socket joined. What came up to `position` it finds over HTTP; from now on it gets everything."""
        self.subscribers.add(subscriber)
        self.presence.join(person(subscriber.author))

    def remove(self, subscriber: Subscriber, now: float, *, for_good: bool = False) -> None:
        """A socket went; its reader may be back soon, or is gone for good."""
        self.subscribers.discard(subscriber)
        self.presence.leave(person(subscriber.author), now, for_good=for_good)
        if not self.subscribers:
            self.empty_since = now

    def rename(self, subscriber: Subscriber, author: Author | None, now: float) -> None:
        """A socket turned out to belong to somebody else: whoever that was is certainly gone."""
        before = person(subscriber.author)
        self.presence.leave(before, now, for_good=True)
        subscriber.author = author
        self.presence.join(person(author), is_new=before is not None)

    def deliver(self, changes: Sequence[Change]) -> None:
        """Send changes, which are in order, to every reader, from the end of this turn of the loop on."""
        self._outgoing.extend(changes)
        for change in changes:
            if change.author is not None:
                self.typing.stop(change.author)  # the comment that was being typed is here
            if change.policy is not None:
                self.policy = change.policy
        self._flush_soon()

    def show_moment(self, now: float) -> bool:
        """Send presence and typing where they changed; returns whether something is still to be shown."""
        self.typing.expire(now)
        presence, typing = self.presence.snapshot(), self.typing.snapshot()
        for picture, frame in ((self._presence_picture, presence), (self._typing_picture, typing)):
            prepared = picture.redraw(frame, now)
            if prepared is not None:
                self._write_to_all(prepared)
        shown = presence == self._presence_picture.frame and typing == self._typing_picture.frame
        return not shown or typing.count > 0  # who types falls silent some time

    def show_moment_to(self, subscriber: Subscriber) -> None:
        """Send a newcomer the pictures that the others have."""
        for picture in (self._presence_picture, self._typing_picture):
            if picture.frame not in (None, NOBODY_TYPES):
                subscriber.outbox.write(Prepared(protocol.encode(picture.frame), fleeting=True))

    @property
    def is_idle(self) -> bool:
        """Whether nobody reads here, and nobody waits for something to read."""
        return not self.subscribers and not self._watchers

    async def until_past(self, seq: int) -> None:
        """Return when something came after the change of this number, or the room closed."""
        changed = asyncio.Event()
        self._watchers.add(changed)
        try:
            while self.position <= seq and not self.closed:
                changed.clear()
                await changed.wait()
        finally:
            self._watchers.discard(changed)
            self.empty_since = asyncio.get_running_loop().time()

    async def until_delivered(self) -> None:
        """Return when everything that is in order was sent, or the room closed."""
        await self.until_past(self.sequencer.position - 1)

    def welcome(self, author: Author | None) -> Welcome:
        """The first frame for somebody who is about to join."""
        return Welcome(
            epoch=self.epoch,
            seq=self.position,
            user=Reader(author.key, author.name, author.role) if author else None,
            can=Rights(post=author is not None, moderate=author is not None and author.moderates),
            policy=self.policy,
            limits=Limits(content=MAX_CONTENT),
        )

    def close(self, code: Close, reason: str) -> None:
        """Send every reader away."""
        self.closed = True
        for subscriber in list(self.subscribers):
            subscriber.close_soon(code, reason)
        self._wake()

    def _wake(self) -> None:
        for changed in self._watchers:
            changed.set()

    def _flush_soon(self) -> None:
        if self._outgoing and not self._flush_due:
            self._flush_due = True
            loop = asyncio.get_running_loop()
            early = self._paid_at - BATCH_EVERY - loop.time()
            loop.call_later(early if early > 0 and len(self._outgoing) <= MOST_WAITING else 0.0, self._flush)

    def _flush(self) -> None:
        self._flush_due = False
        changes = self._next_batch()
        self._sent = changes[-1].seq
        self._flush_soon()  # whatever becomes of this batch
        self._wake()
        self._send(changes)

    def _next_batch(self) -> list[Change]:
        batch = [self._outgoing.popleft()]
        size = batch[0].size
        while self._outgoing and size + self._outgoing[0].size <= LARGEST_BATCH:
            batch.append(self._outgoing.popleft())
            size += batch[-1].size
        now = asyncio.get_running_loop().time()
        behind = min(max(0.0, self._paid_at - now), BATCH_EVERY)  # no more of it: haste is not paid for later
        self._paid_at = now + behind + BATCH_EVERY * size / LARGEST_BATCH
        return batch

    def _send(self, changes: list[Change]) -> None:
        frames = [self.prepare(change) for change in changes]
        together = batched(frames)
        answered = {change.author for change in changes if change.ref is not None}
        for subscriber in list(self.subscribers):  # one whose outbox overflows leaves at once
            key = subscriber.author.key if subscriber.author else None
            if key is not None and key in answered:
                self._write_own(subscriber, key, changes)
            elif subscriber.outbox.batches:
                subscriber.outbox.write(together)
            else:
                for frame in frames:
                    subscriber.outbox.write(frame)

    def prepare(self, change: Change, *, mine: bool = False) -> Prepared:
        """The frame of a change, for any number of readers here, or for the one who caused it."""
        text = with_ref(change) if mine else change.frame
        return Prepared(text.encode(), event_id=f"{self.epoch}:{change.seq}")

    def _write_own(self, subscriber: Subscriber, key: str, changes: list[Change]) -> None:
        """Send frames to somebody who wrote one of them, with the ref by which their page knows it."""
        for change in changes:
            mine = change.ref is not None and change.author == key
            subscriber.outbox.write(self.prepare(change, mine=mine))

    def _write_to_all(self, frame: Prepared) -> None:
        for subscriber in self.subscribers:
            subscriber.outbox.write(frame)


def person(author: Author | None) -> Person | None:
    """The reader as presence knows them."""
    return None if author is None else Person(author.key, author.name)


def with_ref(change: Change) -> str:
    """The frame of a change, with its `ref`."""
    return f'{change.frame[:-1]},"ref":"{change.ref}"}}'
