"""Who reads one thread, agreed on between processes without a store. No I/O; the time is an argument.

Each process (a node, in one incarnation) owns the list of the page views that are open in it, and tells the
others every change of that list with a growing version. Now and then it sends only the version, as a digest:
a process that missed a change notices, asks, and is sent the whole list. A node that says nothing for EXPIRES
seconds is taken for dead, and its readers with it.

A person counts once, however many views they have. A view is anonymous only where no node names its reader:
the old connection of a page that is loaded anew, or whose reader has taken a name, adds nobody.

A node tells at once which views went. Each node keeps showing their readers for a while by itself
(realtime.presence.departed), until the view is back anywhere. So a process that ends has nothing to see to,
and a dead one, whose readers were shown for EXPIRES already, adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any

from comments.announcements import (
    MOST_VIEWS,
    AnyPresence,
    PresenceDiff,
    PresenceDigest,
    PresenceRequest,
    PresenceState,
)
from comments.wire import Person
from realtime.presence.departed import LEAVE_GRACE, Departed
from realtime.presence.views import OpenViews
from realtime.protocol import PresenceNow

DIGEST_EVERY = 4.0  # s
EXPIRES = 11.0  # s of silence: two digests may be lost
MOST_SHOWN = 50
MOST_NODES = 1000  # other processes whose readers are known

Readers = dict[str, Person | None]  # by page view; None for an anonymous one


@dataclass
class Node:
    """What is known of another process's readers."""

    incarnation: str
    version: int
    views: Readers
    heard_at: float

    def continues(self, message: AnyPresence, step: int) -> bool:
        """Whether the message is `step` versions after what is known, in the same incarnation."""
        return (self.incarnation, self.version + step) == (message.incarnation, message.version)


class Presence:
    """The readers of one thread: this node's own, and what the others told of theirs.

    node: this process's name. incarnation: a random text, new whenever the versions start again.
    """

    def __init__(self, *, thread: int, node: str, incarnation: str) -> None:
        self._thread = thread
        self._node = node
        self._incarnation = incarnation
        self._version = 0
        self._open = OpenViews()
        self._told: Readers = {}
        self._changed: set[str] = set()  # views that may differ from what was told
        self._gone: set[str] = set()  # ids of people who left for good since the last diff
        self._others: dict[str, Node] = {}
        self._departed = Departed()

    def join(self, view: str, person: Person | None) -> None:
        """A connection of a page view came; None is an anonymous reader."""
        self._departed.forget(view)
        self._open.add(view, person)
        self._changed.add(view)
        if person is not None:
            self._gone.discard(person.id)

    def leave(self, view: str, person: Person | None, now: float, *, for_good: bool = False) -> None:
        """A connection of a page view went. The reader is shown for a while, unless they left for good."""
        self._open.remove(view, person)
        self._changed.add(view)
        if person is not None and for_good:
            self._leave_for_good(person)
        elif not self._is_open(view):
            self._departed.add(view, person, now + LEAVE_GRACE)

    def identify(self, view: str, before: Person | None, person: Person | None) -> None:
        """The reader at a connection turned out to be somebody else: `before` is certainly gone."""
        self.join(view, person)
        self._open.remove(view, before)
        if before is not None:
            self._leave_for_good(before)

    def forget(self, person_id: str) -> bool:
        """Somebody who left will not be back; returns whether readers see a difference."""
        return self._departed.forget_person(person_id)

    def is_here(self, person_id: str) -> bool:
        """Whether a connection to this node belongs to the person."""
        return self._open.has_person(person_id)

    def diff(self) -> PresenceDiff | None:
        """What changed here since the last call, for the other nodes; None if nothing did."""
        changed, self._changed = self._changed, set()
        gone, self._gone = self._gone, set()
        came, went = self._compare(changed)
        if not came and not went and not gone:
            return None
        self._version += 1
        self._told |= came
        for view in went:
            del self._told[view]
        return PresenceDiff(came=came, went=went, gone=sorted(gone), **self._signature)

    def digest(self) -> PresenceDigest:
        """A sign of life with the version of this node's list."""
        return PresenceDigest(**self._signature)

    def state(self, now: float) -> PresenceState:
        """This node's whole list, as it was last told, and the views that went a moment ago."""
        return PresenceState(
            views=dict(self._told), departed=self._departed.departures(now), **self._signature
        )

    def request(self, node: str | None = None) -> PresenceRequest:
        """Ask one node, or all, for their whole lists."""
        return PresenceRequest(to=node, **self._signature)

    def receive(self, message: AnyPresence, now: float) -> AnyPresence | None:
        """Take a message of another node; returns the answer to send to the group, if it wants one."""
        if message.node == self._node:
            return None
        if isinstance(message, PresenceRequest):
            return self.state(now) if message.to in (None, self._node) else None
        if isinstance(message, PresenceState):
            self._take_state(message, now)
            return None
        known = self._others.get(message.node)
        if known is None or not known.continues(message, step=int(isinstance(message, PresenceDiff))):
            return self.request(message.node)
        known.heard_at = now
        if isinstance(message, PresenceDiff):
            self._take_diff(known, message, now)
        return None

    def expire(self, now: float) -> bool:
        """Forget nodes that fell silent and readers who stayed away; returns whether there were any."""
        silent = [name for name, known in self._others.items() if known.heard_at + EXPIRES <= now]
        for node in silent:
            del self._others[node]
        return self._departed.expire(now) or bool(silent)

    def snapshot(self) -> PresenceNow:
        """What readers are shown: each person once, by name."""
        people: dict[str, Person] = {}
        anonymous: set[str] = set()
        named: set[str] = set()
        for readers in self._all_readers():
            for view, person in readers.items():
                if person is None:
                    anonymous.add(view)
                else:
                    named.add(view)
                    people[person.id] = person
        nameless = len(anonymous - named)
        return PresenceNow(
            count=len(people) + nameless,
            anonymous=nameless,
            members=nsmallest(MOST_SHOWN, people.values(), key=_by_name),
        )

    def _all_readers(self) -> Iterable[Readers]:
        """The readers of every node and those who left; where they tell two names, the last one counts."""
        yield self._departed.readers()
        for known in self._others.values():
            yield known.views
        yield self._open.readers()

    def _compare(self, changed: Iterable[str]) -> tuple[Readers, list[str]]:
        """Those of these views that came or have another reader, and those that went, since the last diff."""
        came: Readers = {}
        went = []
        for view in changed:
            if view not in self._open:
                if view in self._told:
                    went.append(view)
            elif view in self._told or len(self._told) + len(came) < MOST_VIEWS:
                reader = self._open.reader(view)
                if view not in self._told or self._told[view] != reader:
                    came[view] = reader
        return came, went

    def _leave_for_good(self, person: Person) -> None:
        if not self._open.has_person(person.id):
            self._departed.forget_person(person.id)
            self._gone.add(person.id)

    def _take_diff(self, known: Node, diff: PresenceDiff, now: float) -> None:
        known.version = diff.version
        for view in diff.went:
            if view in known.views:
                self._take_out(known, view, now + LEAVE_GRACE)
        for person_id in diff.gone:
            self._departed.forget_person(person_id)
        self._take_in(known, diff.came)

    def _take_state(self, state: PresenceState, now: float) -> None:
        """Take over a node's whole list. It knows best for how long those who left are to be shown."""
        until = {view: now + min(gone.left, LEAVE_GRACE) for view, gone in state.departed.items()}
        known = self._others.get(state.node)
        if known is None:  # as all are to a node that has just begun, and has seen nobody leave
            if len(self._others) >= MOST_NODES:
                return
            left = {view: gone.person for view, gone in state.departed.items()}
            known = Node("", 0, left, now)
            self._others[state.node] = known
        for view in known.views.keys() - state.views.keys():
            self._take_out(known, view, until.get(view))
        known.incarnation, known.version, known.heard_at = state.incarnation, state.version, now
        self._take_in(known, state.views)

    def _take_in(self, known: Node, came: Mapping[str, Person | None]) -> None:
        for view, person in came.items():
            if view in known.views or len(known.views) < MOST_VIEWS:
                known.views[view] = person
                self._departed.forget(view)

    def _take_out(self, known: Node, view: str, until: float | None) -> None:
        """A view is not on a node's list any more. until: the end of its reader's grace, if any."""
        person = known.views.pop(view)
        if until is not None and not self._is_open(view):
            self._departed.add(view, person, until)

    def _is_open(self, view: str) -> bool:
        return view in self._open or any(view in known.views for known in self._others.values())

    @property
    def _signature(self) -> dict[str, Any]:
        return {
            "thread": self._thread,
            "node": self._node,
            "incarnation": self._incarnation,
            "version": self._version,
        }


def _by_name(person: Person) -> tuple[str, str]:
    return person.name.casefold(), person.id
