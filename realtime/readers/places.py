"""Who has a connection, where an address or a person has no place left. No I/O; the time is an argument.

A full address gives way to newcomers. People come before sockets: whoever has no place yet takes one from a
holder of many, and whoever has a name takes one from those without. All who read without a name at an
address count as one holder, since nobody can say how many people they are. A place changes hands only where
that makes the shares more equal, or the person in it better known, so nobody takes a place back and forth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum

from comments.attempts import By

PER_ADDRESS = 200  # a school or an office shares one
PER_PERSON = 30
TENURE = 600.0  # s for which no reader without a name has to make room for another one without
RANKS = {By.NOBODY: 0, By.GUEST: 1, By.MEMBER: 2}


class Way(IntEnum):
    """The ways to the server; the larger, the more it is worth to its reader."""

    POLLING = 0
    STREAM = 1
    SOCKET = 2


@dataclass(eq=False)
class Place:
    """One connection. network: of its address. view: the id of its page view, where the client gave one.

    give_way: sends its reader away, to make room for another.
    """

    network: str
    way: Way
    view: str | None
    give_way: Callable[[], None]
    person: str | None = None  # the key of its author
    by: By = By.NOBODY
    since: float = field(default=0.0)


class Places:
    """The connections by address and by person, each in the order in which they came.

    is_limited: whether there is an end of places.
    """

    def __init__(
        self,
        per_address: int = PER_ADDRESS,
        per_person: int = PER_PERSON,
        is_limited: Callable[[], bool] = lambda: True,
    ) -> None:
        self._is_limited = is_limited
        self._per_address = per_address
        self._per_person = per_person
        self._at: dict[str, dict[Place, None]] = {}
        self._of: dict[str, dict[Place, None]] = {}

    def __len__(self) -> int:
        return sum(len(places) for places in self._at.values())

    def at(self, network: str) -> list[Place]:
        """The places of an address, the oldest first."""
        return list(self._at.get(network, ()))

    def take(self, place: Place, now: float) -> bool:
        """Give a newcomer a place, for which others may have to give way. False where there is none."""
        room = self._room_of_person(place)
        if room is None:
            return False
        left = [other for other in self.at(place.network) if other not in room]
        if self._is_limited() and len(left) >= self._per_address:
            victim = None if place.way is Way.POLLING else _victim(place, left, now)
            if victim is None:
                return False
            room.append(victim)
        self._send_away(room)
        place.since = now
        self._at.setdefault(place.network, {})[place] = None
        if place.person is not None:
            self._of.setdefault(place.person, {})[place] = None
        return True

    def recognise(self, place: Place, person: str | None, by: By) -> bool:
        """Somebody turned out to be this person. False where that person has no place left."""
        self._forget_person(place)
        place.person, place.by = person, by
        room = self._room_of_person(place)
        if room is None:
            place.person = None
            return False
        self._send_away(room)
        if person is not None:
            self._of.setdefault(person, {})[place] = None
        return True

    def leave(self, place: Place) -> None:
        """A connection is gone; once more changes nothing."""
        self._forget_person(place)
        known = self._at.get(place.network, {})
        known.pop(place, None)
        if not known:
            self._at.pop(place.network, None)

    def _room_of_person(self, place: Place) -> list[Place] | None:
        """Who of the same person gives way: the oldest, to a socket; None where there is no place."""
        theirs = self._of.get(place.person or "", {})
        if not self._is_limited() or len(theirs) < self._per_person:
            return []
        # A page that is sent away tries a stream at once, and must not send away the next one in turn.
        return [next(iter(theirs))] if place.way is Way.SOCKET else None

    def _send_away(self, victims: Iterable[Place]) -> None:
        for victim in victims:
            self.leave(victim)
            victim.give_way()

    def _forget_person(self, place: Place) -> None:
        theirs = self._of.get(place.person or "", {})
        theirs.pop(place, None)
        if not theirs:
            self._of.pop(place.person or "", None)


def _victim(newcomer: Place, places: list[Place], now: float) -> Place | None:
    """Who gives way to a newcomer at their full address; None where nobody has to."""
    return (
        _first(place for place in places if place.way is Way.POLLING)  # it is answered at once, which is all
        or _first(place for place in places if _is_same_view(place, newcomer))
        or _less_known(newcomer, places)
        or _of_largest_holder(newcomer, places)
        or _longest_here(newcomer, places, now)
    )


def _is_same_view(place: Place, newcomer: Place) -> bool:
    """Whether a page has come back whose old connection is not known to be lost yet."""
    return newcomer.view is not None and (place.view, place.person) == (newcomer.view, newcomer.person)


def _less_known(newcomer: Place, places: list[Place]) -> Place | None:
    """One who is less known than somebody who has no place yet; those whom nobody knows go first."""
    if newcomer.person is None or any(place.person == newcomer.person for place in places):
        return None
    less = [place for place in places if RANKS[place.by] < RANKS[newcomer.by]]
    # A connection that does not even say which page it is of is no page's.
    return min(less, key=lambda place: (RANKS[place.by], place.view is not None), default=None)


def _of_largest_holder(newcomer: Place, places: list[Place]) -> Place | None:
    """The oldest connection of whoever has the most, if they keep no fewer than the newcomer then has."""
    held: dict[str | None, list[Place]] = {}
    for place in places:
        held.setdefault(place.person, []).append(place)
    named = [theirs for person, theirs in held.items() if person is not None]
    largest = max(named, key=len, default=[])
    return largest[0] if len(largest) > len(held.get(newcomer.person, ())) + 1 else None


def _longest_here(newcomer: Place, places: list[Place], now: float) -> Place | None:
    """One without a name, for another one: the first that says of no page, or who was here for long."""
    if newcomer.person is not None:
        return None
    nameless = [place for place in places if place.person is None]
    if newcomer.view is not None and (unsaid := _first(place for place in nameless if place.view is None)):
        return unsaid
    # As for a person: a page that is sent away must not send away the next one.
    if newcomer.way is not Way.SOCKET:
        return None
    return _first(place for place in nameless if now - place.since >= TENURE)


def _first(places: Iterable[Place]) -> Place | None:
    return next(iter(places), None)
