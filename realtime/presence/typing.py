"""Who is typing in one thread: entries that expire by themselves. No I/O; the time is an argument."""

from __future__ import annotations

from dataclasses import dataclass, field

from comments.wire import Typist
from realtime.protocol import WhoIsTyping

EXPIRES = 6.0  # s after the last sign; a client that types repeats it every 3 s
MOST_SHOWN = 5
MOST_KEPT = 1000  # people; more than anybody could read


@dataclass
class Typing:
    """The people who type, here and in other processes alike."""

    _typists: dict[str, Typist] = field(default_factory=dict)
    _expire_at: dict[str, float] = field(default_factory=dict)

    def start(self, typist: Typist, now: float) -> bool:
        """Somebody types, or still does; returns whether readers see a difference."""
        if typist.id not in self._typists and len(self._typists) >= MOST_KEPT:
            return False
        known = self._typists.get(typist.id)
        self._typists[typist.id] = typist
        self._expire_at[typist.id] = now + EXPIRES
        return known != typist

    def stop(self, person_id: str) -> bool:
        """Somebody stopped, posted or left; returns whether readers see a difference."""
        self._expire_at.pop(person_id, None)
        return self._typists.pop(person_id, None) is not None

    def expire(self, now: float) -> bool:
        """Forget those who fell silent; returns whether readers see a difference."""
        silent = [person_id for person_id, at in self._expire_at.items() if at <= now]
        for person_id in silent:
            self.stop(person_id)
        return bool(silent)

    def snapshot(self) -> WhoIsTyping:
        """What readers are shown: those who began first."""
        users = list(self._typists.values())[:MOST_SHOWN]
        return WhoIsTyping(users=users, count=len(self._typists))
