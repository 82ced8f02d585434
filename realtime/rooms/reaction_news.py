"""When the readers of a room are told of reactions. No I/O; the time is an argument.

An announcement says only up to which number the reactions of a thread have changed. The counts are read from
the database, which has the last ones, however many announcements were lost: at once after a pause, and then
once every EVERY seconds, so that no comment's counts go out more often.
"""

from __future__ import annotations

from collections.abc import Callable

EVERY = 1.0  # s between two looks at the reactions of a thread


class ReactionNews:
    """What the readers of a room know of its reactions.

    known: the number up to which they were told. on_told: called when they were told more.
    """

    def __init__(self, on_told: Callable[[], None]) -> None:
        self.known = 0
        self._on_told = on_told
        self._heard = 0
        self._begun_at = float("-inf")
        self._is_reading = False

    def start(self, seq: int) -> None:
        """Begin behind this number."""
        self.known = seq

    def hear(self, seq: int) -> None:
        """There are changes up to this number."""
        self._heard = max(self._heard, seq)

    def is_due(self, now: float) -> bool:
        """Whether it is time to read what has changed."""
        return self._heard > self.known and not self._is_reading and now >= self._begun_at + EVERY

    def begin(self, now: float) -> None:
        """The database is asked now."""
        self._begun_at, self._is_reading = now, True

    def end(self) -> None:
        """It has answered, or failed."""
        self._is_reading = False

    def tell(self, seq: int) -> None:
        """The readers know everything up to this number."""
        self.known = max(self.known, seq)
        self._on_told()

    def is_past(self, seq: int | None) -> bool:
        """Whether readers were told something after this number, if they named one."""
        return seq is not None and self.known > seq
