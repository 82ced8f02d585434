"""Who reads and who types in the rooms of this process: shown to its readers, told to other processes."""

from __future__ import annotations

from comments.announcements import AnyPresence, TypingSign
from comments.authors import Author
from comments.publisher import group_of, publisher
from comments.readers import remember_readers
from comments.wire import Person
from realtime.database import log_failure, run_note
from realtime.rooms.moment import person, typist
from realtime.rooms.room import Room, Subscriber
from realtime.rooms.table import Rooms
from realtime.rooms.tasks import Tasks


def reader_at(subscriber: Subscriber, author: Author | None) -> Person | None:
    """Whom presence knows at a connection where this author reads: nobody, where they want no name shown."""
    return None if subscriber.anonymous else person(author)


class Moments:
    """Keeps the moments of all rooms true, here and in the other processes. now: by the loop's clock, s."""

    def __init__(self, node: str, rooms: Rooms, tasks: Tasks) -> None:
        self._node = node
        self._rooms = rooms
        self._tasks = tasks
        self._restless: set[Room] = set()  # rooms whose presence or typing may have changed
        self._is_noting = False

    def stir(self, room: Room) -> None:
        """Look at the next tick whether readers see a difference."""
        self._restless.add(room)

    # Readers here

    def join(self, room: Room, subscriber: Subscriber) -> None:
        """A reader came."""
        room.moment.presence.join(subscriber.view, reader_at(subscriber, subscriber.author))
        for picture in room.moment.for_newcomer():
            subscriber.send_queue.write(picture)
        self.stir(room)

    def leave(self, room: Room, subscriber: Subscriber, now: float, *, for_good: bool) -> None:
        """A reader left."""
        reader = reader_at(subscriber, subscriber.author)
        room.moment.presence.leave(subscriber.view, reader, now, for_good=for_good)
        self._end_typing(room, subscriber.author)
        self.stir(room)
        if not room.subscribers:
            self._tell_presence(room)  # now: if the process is ending, there may be no next tick

    def identify(self, room: Room, subscriber: Subscriber, author: Author | None, now: float) -> None:
        """A reader turned out to be this person; who has no name may count as another view."""
        view, before, subscriber.author = subscriber.view, subscriber.author, author
        was, reader = reader_at(subscriber, before), reader_at(subscriber, author)
        if subscriber.view == view:
            room.moment.presence.identify(view, was, reader)
        else:
            room.moment.presence.leave(view, was, now, for_good=was is not None)
            room.moment.presence.join(subscriber.view, reader)
        self._end_typing(room, before)
        self.stir(room)

    def show_typing(self, room: Room, author: Author, parent: str | None, on: bool, now: float) -> None:
        """Somebody types here, or stopped."""
        who = typist(author, parent)
        if on:
            room.moment.typing.start(who, now)
        else:
            room.moment.typing.stop(who.id)
        self.stir(room)
        self._tell_typing(room, author, parent, on)

    def forget(self, person_id: str) -> None:
        """Show somebody no longer who closed the page as they logged out; who is still there stays shown."""
        self._restless.update(room for room in self._rooms if room.moment.presence.forget(person_id))

    # Other processes

    def ask(self, room: Room) -> None:
        """Ask the other processes who reads in them."""
        self._tell(room, room.moment.presence.request())

    def hear_presence(self, room: Room, message: AnyPresence, now: float) -> None:
        """Another process told who reads in it."""
        answer = room.moment.presence.receive(message, now)
        if answer is not None:
            self._tell(room, answer)
        self.stir(room)

    def hear_typing(self, room: Room, sign: TypingSign, now: float) -> None:
        """Another process told who types in it."""
        if sign.node == self._node:
            return
        if sign.on:
            room.moment.typing.start(sign.typist, now)
        else:
            room.moment.typing.stop(sign.typist.id)
        self.stir(room)

    # Now and then

    def show(self, now: float) -> None:
        """Tell and show what changed."""
        restless, self._restless = self._restless, set()
        for room in restless:
            if not room.is_open:
                continue
            self._tell_presence(room)
            frames, again = room.moment.show(now)
            for frame in frames:
                room.write(frame)
            if again:
                self.stir(room)

    def expire(self, now: float) -> None:
        """Forget processes that fell silent, and readers who stayed away."""
        self._restless.update(room for room in self._rooms if room.moment.presence.expire(now))

    def send_digests(self) -> None:
        """Give the other processes a sign of life, and the pages that list threads the numbers of readers."""
        for room in self._rooms:
            self._tell(room, room.moment.presence.digest())
        counts = {room.thread_id: room.moment.presence.snapshot().count for room in self._rooms}
        if counts:
            self._tasks.spawn(self._note_counts(counts))

    async def _note_counts(self, counts: dict[int, int]) -> None:
        if self._is_noting:  # one at a time: a cache that hangs must not collect them
            return
        self._is_noting = True
        try:
            await run_note(remember_readers, counts)
        except Exception as error:  # the next digest tries again
            log_failure("the numbers of readers could not be noted", error)
        finally:
            self._is_noting = False

    def _end_typing(self, room: Room, author: Author | None) -> None:
        """Whoever has no connection here any more does not type here either."""
        if author is None or room.moment.presence.is_here(author.key):
            return
        if room.moment.typing.stop(author.key):
            self._tell_typing(room, author, None, on=False)

    def _tell_presence(self, room: Room) -> None:
        diff = room.moment.presence.diff()
        if diff is not None:
            self._tell(room, diff)

    def _tell_typing(self, room: Room, author: Author, parent: str | None, on: bool) -> None:
        sign = TypingSign(thread=room.thread_id, node=self._node, typist=typist(author, parent), on=on)
        self._tell(room, sign)

    def _tell(self, room: Room, announcement: AnyPresence | TypingSign) -> None:
        publisher.publish(group_of(room.thread_id), announcement, fleeting=True)
