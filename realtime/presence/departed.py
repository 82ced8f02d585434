"""Readers who left a moment ago and are still shown, because most of them are back at once. No I/O.

A page is loaded anew, a phone changes its network, a process is restarted: each looks like leaving. So a
reader who leaves is shown for LEAVE_GRACE seconds more, and nobody sees them flicker.
"""

from __future__ import annotations

from comments.announcements import MOST_VIEWS, Departure
from comments.wire import Person

LEAVE_GRACE = 10.0  # s


class Departed:
    """The page views that went, each with its reader, until some time."""

    def __init__(self) -> None:
        self._views: dict[str, tuple[Person | None, float]] = {}

    def add(self, view: str, person: Person | None, until: float) -> None:
        """A page view went, and may be back."""
        if len(self._views) < MOST_VIEWS:
            self._views[view] = (person, until)

    def forget(self, view: str) -> None:
        """The page view is back."""
        self._views.pop(view, None)

    def forget_person(self, person_id: str) -> bool:
        """A person left for good; returns whether they were kept here."""
        theirs = [view for view, (person, _) in self._views.items() if person and person.id == person_id]
        for view in theirs:
            del self._views[view]
        return bool(theirs)

    def expire(self, now: float) -> bool:
        """Let go of those whose time is over; returns whether there were any."""
        over = [view for view, (_, until) in self._views.items() if until <= now]
        for view in over:
            del self._views[view]
        return bool(over)

    def readers(self) -> dict[str, Person | None]:
        """The reader by page view."""
        return {view: person for view, (person, _) in self._views.items()}

    def departures(self, now: float) -> dict[str, Departure]:
        """What another process is told of them."""
        return {
            view: Departure(person, until - now)
            for view, (person, until) in self._views.items()
            if until > now
        }
