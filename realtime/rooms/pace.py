"""How fast the changes of a room go out. No I/O; the time is an argument.

A change that comes alone goes out at once. A burst goes out in batches of LARGEST_BATCH bytes, one each
BATCH_EVERY seconds, so that no haste of ours overflows the send queue of a reader who keeps up.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from comments.announcements import Change
from realtime.frames import array_size
from realtime.readers.send_queue import LARGEST_BATCH

BATCH_EVERY = 0.05  # s for each LARGEST_BATCH of a burst: 10.5 Mbit/s, less than most lines take
MOST_WAITING = 2000  # changes; beyond that there is no pace: a process that fills up is worse than haste


class Pace:
    """The changes that wait for their turn, in order."""

    def __init__(self) -> None:
        self._waiting: deque[Change] = deque()
        self._paid_at = float("-inf")  # when all that went out is within the pace

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def next(self) -> Change | None:
        """The change that goes out next."""
        return self._waiting[0] if self._waiting else None

    def add(self, changes: Iterable[Change]) -> None:
        """Let changes wait behind those that are there."""
        self._waiting.extend(changes)

    def wait(self, now: float) -> float:
        """Seconds until the next batch may go out; 0 for at once."""
        if len(self._waiting) > MOST_WAITING:
            return 0.0
        return max(0.0, self._paid_at - BATCH_EVERY - now)

    def take(self, now: float) -> list[Change]:
        """The next batch, which goes out now; there must be something that waits."""
        batch = [self._waiting.popleft()]
        size = batch[0].size
        while self._waiting and array_size(size + self._waiting[0].size, len(batch) + 1) <= LARGEST_BATCH:
            batch.append(self._waiting.popleft())
            size += batch[-1].size
        behind = min(max(0.0, self._paid_at - now), BATCH_EVERY)  # no more of it: haste is not paid for later
        self._paid_at = now + behind + BATCH_EVERY * size / LARGEST_BATCH
        return batch
