"""Reading the reactions that have changed, once for all readers of a room in this process."""

from __future__ import annotations

from comments import wire
from comments.queries.reactions import changed_reactions
from realtime.database import log_failure, run_repair
from realtime.frames import Prepared
from realtime.rooms.room import Room
from realtime.rooms.table import Rooms
from realtime.rooms.tasks import Tasks


class ReactionReads:
    """Tells the readers of all rooms what has changed, when their rooms say that it is time."""

    def __init__(self, rooms: Rooms, tasks: Tasks) -> None:
        self._rooms = rooms
        self._tasks = tasks

    def look(self, now: float) -> None:
        """Begin to read where something has changed."""
        for room in self._rooms.open:
            if room.reactions.is_due(now):
                room.reactions.begin(now)
                self._tasks.spawn(self._read(room))

    async def _read(self, room: Room) -> None:
        try:
            changed = await run_repair(changed_reactions, room.thread_id, room.reactions.known)
        except Exception as error:  # the database's; the next look tries again
            log_failure(f"reactions of thread {room.thread_id} could not be read", error)
        else:
            if changed.epoch == room.epoch:  # else the heads find out
                room.write(*(Prepared(wire.encode(each)) for each in changed.reactions))
                room.reactions.tell(changed.seq)
        finally:
            room.reactions.end()
