"""Putting numbered changes in order: each delivered once, none before the one it follows. No I/O."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from comments.announcements import Change

MOST_HELD = 1000  # changes kept for later; beyond that the database has them


class Sequencer:
    """The changes of one thread, in order, from wherever and however often they come.

    `position` is the number of the last change that was delivered. Until `start` everything is held.
    """

    def __init__(self) -> None:
        self.position = 0
        self._started = False
        self._held: dict[int, Change] = {}

    @property
    def has_hole(self) -> bool:
        """Whether a change came in whose predecessor is missing."""
        return self._started and bool(self._held)

    def start(self, position: int) -> list[Change]:
        """Begin behind `position`; returns what was held and is now in order."""
        self.position, self._started = position, True
        return self._release()

    def offer(self, change: Change) -> list[Change]:
        """Take one change; returns those that are now in order, which may be none."""
        if not self._started or change.prev > self.position:
            if len(self._held) < MOST_HELD:
                self._held[change.seq] = change
            return []
        if change.seq <= self.position:
            return []
        self.position = change.seq
        return [change, *self._release()]

    def fill(self, changes: Sequence[Change], upto: int) -> list[Change]:
        """Take all changes up to `upto`, read from the database; returns those that are new, in order.

        Where one of them came in live too, that one knows whose command it answers; but its `prev` may be a
        number that the database has compacted away, which readers would take for a gap.
        """
        news = [self._with_answer(change) for change in changes if change.seq > self.position]
        self.position = max(self.position, upto)
        return [*news, *self._release()]

    def _with_answer(self, change: Change) -> Change:
        live = self._held.get(change.seq)
        return change if live is None else msgspec.structs.replace(change, author=live.author, ref=live.ref)

    def _release(self) -> list[Change]:
        """What was held and follows without a hole; what has become old is forgotten."""
        released = []
        for seq in sorted(self._held):
            if self._held[seq].prev > self.position:
                break
            change = self._held.pop(seq)
            if seq > self.position:
                self.position = seq
                released.append(change)
        return released
