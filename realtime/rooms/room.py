"""The readers of one thread in this process: what each of them is sent, and in which order."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from django.utils import timezone

from comments import queries, wire
from comments.announcements import Change
from comments.authors import Author
from comments.conf import edit_window, reaction_kinds, undo_window
from comments.credentials import Credentials
from comments.text import MAX_CONTENT
from realtime.frames import Prepared, batched, batches
from realtime.protocol import Close, Limits, Reader, Rights, Welcome
from realtime.readers.send_queue import LARGEST_BATCH
from realtime.rooms.moment import Moment
from realtime.rooms.pace import Pace
from realtime.rooms.reaction_news import ReactionNews
from realtime.rooms.sequencer import Sequencer


class SendQueue(Protocol):
    """Where frames for one reader go."""

    @property
    def batches(self) -> bool:
        """Whether several frames may come as one array."""

    def write(self, frame: Prepared) -> None:
        """Take a frame, without making the caller wait."""


class Subscriber(Protocol):
    """One reader's connection, as the room sees it."""

    author: Author | None
    credentials: Credentials
    heard_at: float  # when the last frame came from it, by the loop's clock
    anonymous: bool  # whether its reader wants to be counted without a name

    @property
    def view(self) -> str:
        """The id of the page view as which it counts, which a page keeps when it connects anew."""

    @property
    def send_queue(self) -> SendQueue:
        """Where its frames go."""

    def close_soon(self, code: Close, reason: str, retry_after: float | None = None) -> None:
        """Say bye and close, without making the caller wait."""

    def recognise(self, author: Author | None) -> None:
        """Go on as somebody else, or as nobody."""


class Room:
    """The local readers of one thread, and the numbering of what they are sent.

    Changes that come in one turn of the event loop go out together at its end: an idle server adds no delay,
    a busy one sends batches, at the pace of realtime.rooms.pace.
    """

    def __init__(self, thread_id: int, moment: Moment) -> None:
        self.thread_id = thread_id
        self.moment = moment
        self.reactions = ReactionNews(on_told=self._wake)
        self.epoch = ""
        self.subscribers: set[Subscriber] = set()
        self.closed = False
        self._subject, self._subject_read_at = wire.Subject(kind="", key="", url=""), float("-inf")
        self._policy = ""
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._sequencer = Sequencer()
        self._pace = Pace()
        self._sent = 0
        self._flush_due = False
        self._watchers: set[asyncio.Event] = set()
        self._empty_since = self._loop.time()

    # Opening and closing

    def open(self, head: queries.Head) -> None:
        """Begin with what the database says of the thread; what came in before is delivered now."""
        self.epoch, self._policy = head.epoch, head.policy
        self.reactions.start(head.reaction_seq)
        self._deliver(self._sequencer.start(head.seq))
        self._empty_since = self._loop.time()
        self._opened.set_result(None)

    def fail(self, error: Exception) -> None:
        """Tell those who wait for it to open that it will not."""
        self._opened.set_exception(error)
        self._opened.exception()  # seen, even if every reader who waited has gone

    async def until_open(self) -> None:
        """Return when the room is open. Raises what kept it from opening."""
        # Shielded: a reader who leaves meanwhile must not take it from the others who wait.
        await asyncio.shield(self._opened)

    @property
    def is_open(self) -> bool:
        return self._opened.done()

    def close(self, code: Close, reason: str) -> None:
        """Send every reader away."""
        self.closed = True
        for subscriber in list(self.subscribers):
            subscriber.close_soon(code, reason)
        self._wake()

    def was_empty_at(self, now: float, seconds: float) -> bool:
        """Whether nobody has read here, or waited for something to read, for so many seconds."""
        return not self.subscribers and not self._watchers and now - self._empty_since >= seconds

    # Readers

    def add(self, subscriber: Subscriber) -> None:
        """Send a reader everything from now on. What came up to `position` they find over HTTP."""
        self.subscribers.add(subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        """Send a reader nothing any more."""
        self.subscribers.discard(subscriber)
        self._empty_since = self._loop.time()

    def welcome(self, author: Author | None) -> Welcome:
        """The first frame for somebody who is about to join."""
        return Welcome(
            epoch=self.epoch,
            seq=self.position,
            subject=self._subject,
            user=Reader(author.key, author.name, author.role) if author else None,
            reaction_seq=self.reactions.known,
            can=rights_of(author),
            policy=self._policy,
            limits=Limits(
                content=MAX_CONTENT,
                edit=edit_window().total_seconds(),
                undo=undo_window().total_seconds(),
            ),
            now=timezone.now(),
        )

    def note_subject(self, subject: wire.Subject, read_at: float) -> bool:
        """Have newcomers told what is commented on, unless something is known that was read later.

        Returns whether it is another revision than the one known before.
        """
        if read_at < self._subject_read_at:
            return False
        before, self._subject = self._subject, subject
        self._subject_read_at = read_at
        return subject.revision != before.revision

    def write(self, *frames: Prepared) -> None:
        """Send every reader frames that have no number; together, where a reader takes batches."""
        together = list(batches(frames, LARGEST_BATCH))
        for subscriber in list(self.subscribers):  # one whose send queue overflows leaves at once
            for frame in together if subscriber.send_queue.batches else frames:
                subscriber.send_queue.write(frame)

    # Changes

    @property
    def position(self) -> int:
        """The number of the last change that readers here were sent; a newcomer starts behind it."""
        waiting = self._pace.next
        return self.known if waiting is None else max(self._sent, waiting.prev)

    @property
    def known(self) -> int:
        """The number up to which this process has every change."""
        return self._sequencer.position

    @property
    def has_hole(self) -> bool:
        """Whether a change came in whose predecessor is missing."""
        return self._sequencer.has_hole

    def take(self, change: Change) -> None:
        """Take a change that was announced."""
        self._deliver(self._sequencer.offer(change))

    def fill(self, changes: Sequence[Change], upto: int) -> None:
        """Take all changes up to this number, which were read from the database."""
        self._deliver(self._sequencer.fill(changes, upto))

    async def until_past(self, seq: int, reaction_seq: int | None = None) -> None:
        """Return when something came after these numbers, if reactions are asked for, or the room closed."""
        changed = asyncio.Event()
        self._watchers.add(changed)
        try:
            while self.position <= seq and not self.reactions.is_past(reaction_seq) and not self.closed:
                changed.clear()
                await changed.wait()
        finally:
            self._watchers.discard(changed)
            self._empty_since = self._loop.time()

    def prepare(self, change: Change, *, mine: bool = False) -> Prepared:
        """The frame of a change, for any number of readers here, or for the one who caused it."""
        return Prepared(with_ref(change) if mine else change.frame, event_id=f"{self.epoch}:{change.seq}")

    async def until_delivered(self) -> None:
        """Return when everything that is in order was sent, or the room closed."""
        await self.until_past(self.known - 1)

    def _deliver(self, changes: Sequence[Change]) -> None:
        """Send changes, which are in order, to every reader, from the end of this turn of the loop on."""
        self._pace.add(changes)
        for change in changes:
            if change.author is not None:
                self.moment.typing.stop(change.author)  # the comment that was being typed is here
            if change.policy is not None:
                self._policy = change.policy
        self._flush_soon()

    def _flush_soon(self) -> None:
        if len(self._pace) and not self._flush_due:
            self._flush_due = True
            self._loop.call_later(self._pace.wait(self._loop.time()), self._flush)

    def _flush(self) -> None:
        self._flush_due = False
        changes = self._pace.take(self._loop.time())
        self._sent = changes[-1].seq
        self._flush_soon()  # whatever becomes of this batch
        self._wake()
        self._send(changes)

    def _send(self, changes: list[Change]) -> None:
        frames = [self.prepare(change) for change in changes]
        together = [batched(frames)]
        answered = {change.author for change in changes if change.ref is not None}
        for subscriber in list(self.subscribers):  # one whose send queue overflows leaves at once
            key = subscriber.author.key if subscriber.author else None
            if key is not None and key in answered:
                theirs = self._with_refs(changes, key)
            else:
                theirs = together if subscriber.send_queue.batches else frames
            for frame in theirs:
                subscriber.send_queue.write(frame)

    def _with_refs(self, changes: list[Change], key: str) -> list[Prepared]:
        """The frames for somebody who wrote one of them, with the ref by which their page knows it."""
        return [
            self.prepare(change, mine=change.ref is not None and change.author == key) for change in changes
        ]

    def _wake(self) -> None:
        for changed in self._watchers:
            changed.set()


def rights_of(author: Author | None) -> Rights:
    """What somebody may do, as far as that is not the comment's business."""
    may_post = author is not None
    return Rights(
        post=may_post,
        edit=may_post and edit_window().total_seconds() > 0,
        reactions=reaction_kinds() if may_post else [],
        moderate=author is not None and author.moderates,
    )


def with_ref(change: Change) -> bytes:
    """The frame of a change, with its `ref`."""
    return change.frame[:-1] + f',"ref":"{change.ref}"}}'.encode()
