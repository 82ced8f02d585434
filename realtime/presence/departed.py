"""Readers who went a moment ago and are still shown: most of them are back at once. No I/O.

A page is loaded anew, a phone changes its network, a process is restarted: each looks like leaving. So who
went is shown for LEAVE_GRACE seconds more, and nobody sees them flicker.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field

LEAVE_GRACE = 10.0  # s


@dataclass
class Departed:
    """People who went, by id, and places of readers without a name, each until some time.

    A reader without a name can't be recognised when they return. So whoever comes takes such a place over:
    the count does not fall and rise for one reader, and is never below the number of those who are there.
    """

    people: dict[str, tuple[str, float]] = field(default_factory=dict)  # name and time by id
    places: list[float] = field(default_factory=list)  # times, the soonest first

    def add(self, key: str, name: str, until: float) -> None:
        """Somebody went, and may be back."""
        self.people[key] = (name, until)

    def add_places(self, untils: Iterable[float]) -> None:
        """Readers without a name went."""
        for until in untils:
            insort(self.places, until)

    def forget(self, key: str) -> bool:
        """Somebody is back, or gone for good; returns whether they were kept here."""
        return self.people.pop(key, None) is not None

    def fill_places(self, how_many: int) -> None:
        """Somebody came: those who went last are the ones who may be back."""
        del self.places[max(0, len(self.places) - how_many) :]

    def expire(self, now: float) -> bool:
        """Let go of those whose time is over; returns whether there were any."""
        over = [key for key, (_, until) in self.people.items() if until <= now]
        for key in over:
            del self.people[key]
        before = len(self.places)
        self.places = [until for until in self.places if until > now]
        return bool(over) or len(self.places) < before
