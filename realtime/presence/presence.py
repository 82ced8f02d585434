"""Who reads one article, agreed on between processes without a store. No I/O; the time is an argument.

Each process (a node, in one incarnation) owns the list of its own readers and tells the others every change
of it with a growing version. Now and then it sends only the version, as a digest: who missed a change
notices, asks, and is sent the whole list. A node that says nothing for EXPIRES seconds is taken for dead,
and its readers with it.

A node tells at once who went. Each keeps showing them for a while by itself (realtime.presence.departed),
wherever they were: so a node that ends has nothing to see to, and a dead one, whose readers were shown for
EXPIRES already, adds nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from realtime.presence.departed import LEAVE_GRACE, Departed
from realtime.protocol import Person, PresenceNow

DIGEST_EVERY = 4.0  # s
EXPIRES = 11.0  # s of silence: two digests may be lost
MOST_SHOWN = 50


@dataclass
class Node:
    """What is known of another process's readers."""

    incarnation: str
    version: int
    members: dict[str, str]  # name by id
    guests: int
    heard_at: float

    def continues(self, message: Mapping[str, Any], step: int) -> bool:
        """Whether the message is `step` versions after what is known, in the same incarnation."""
        return (self.incarnation, self.version + step) == (message["incarnation"], message["version"])


@dataclass
class Presence:
    """The readers of one article: this node's own, and what the others told of theirs.

    node: this process's name. incarnation: a random text, new whenever the versions start again.
    """

    node: str
    incarnation: str
    version: int = 0
    _sockets: Counter[str] = field(default_factory=Counter)  # of each person of this node
    _members: dict[str, str] = field(default_factory=dict)
    _guests: int = 0
    _told: tuple[dict[str, str], int] = field(default_factory=lambda: ({}, 0))
    _others: dict[str, Node] = field(default_factory=dict)
    _departed: Departed = field(default_factory=Departed)
    _gone: set[str] = field(default_factory=set)  # people who left for good since the last diff
    _guests_gone: int = 0

    def join(self, person: Person | None, *, is_new: bool = True) -> None:
        """A socket of this node came; None is a reader without a name.

        is_new: False for one that was a reader without a name until now, and has a place already.
        """
        if person is None:
            self._guests += 1
            self._departed.fill_places(is_new)
            return
        self._departed.fill_places(self._welcome(person.id) and is_new)
        self._gone.discard(person.id)
        self._sockets[person.id] += 1
        self._members[person.id] = person.name

    def leave(self, person: Person | None, now: float, *, for_good: bool = False) -> None:
        """A socket of this node went; whose last it was is shown for a while, unless they went for good."""
        if person is None:
            self._guests -= 1
            self._guests_gone += for_good
            self._departed.add_places([] if for_good else [now + LEAVE_GRACE])
            return
        self._sockets[person.id] -= 1
        if self._sockets[person.id] > 0:
            return
        del self._sockets[person.id]
        name = self._members.pop(person.id)
        if for_good:
            self._gone.add(person.id)
        else:
            self._departed.add(person.id, name, now + LEAVE_GRACE)

    def forget(self, person_id: str) -> bool:
        """Somebody who went will not be back; returns whether readers see a difference."""
        return self._departed.forget(person_id)

    def is_here(self, person_id: str) -> bool:
        """Whether a socket of this node belongs to the person."""
        return person_id in self._members

    def diff(self) -> dict[str, Any] | None:
        """What changed here since the last call, for the other nodes; None if nothing did."""
        told_members, told_guests = self._told
        joined = {key: name for key, name in self._members.items() if told_members.get(key) != name}
        left = [key for key in told_members if key not in self._members]
        if not joined and not left and told_guests == self._guests and not self._gone:
            self._guests_gone = 0  # as many came, and so the others know of neither
            return None
        self.version += 1
        self._told = (dict(self._members), self._guests)
        gone, self._gone = sorted(self._gone), set()
        guests_gone, self._guests_gone = self._guests_gone, 0
        return self._signed(
            "diff", joined=joined, left=left, gone=gone, guests=self._guests, guests_gone=guests_gone
        )

    def digest(self) -> dict[str, Any]:
        """A sign of life with the version of this node's list."""
        return self._signed("digest")

    def state(self, now: float) -> dict[str, Any]:
        """This node's whole list, as it was last told, and who went: each with the seconds left to them."""
        members, guests = self._told
        departed = {key: (name, until - now) for key, (name, until) in self._departed.people.items()}
        places = [until - now for until in self._departed.places]
        return self._signed("state", members=members, guests=guests, departed=departed, places=places)

    def request(self, node: str | None = None) -> dict[str, Any]:
        """Ask one node, or all, for their whole lists."""
        return self._signed("request", to=node)

    def receive(self, message: Mapping[str, Any], now: float) -> dict[str, Any] | None:
        """Take a message of another node; returns the answer to send to the group, if it wants one."""
        node, kind = message["node"], message["kind"]
        if node == self.node:
            return None
        if kind == "request":
            return self.state(now) if message["to"] in (None, self.node) else None
        if kind == "state":
            self._take_state(node, message, now)
            return None
        known = self._others.get(node)
        step = 1 if kind == "diff" else 0
        if known is None or not known.continues(message, step):
            return self.request(node)
        known.heard_at = now
        if kind == "diff":
            self._take_diff(known, message, now)
        return None

    def expire(self, now: float) -> bool:
        """Forget nodes that fell silent and people who stayed away; returns whether there were any."""
        silent = [name for name, known in self._others.items() if known.heard_at + EXPIRES <= now]
        for node in silent:
            del self._others[node]
        return self._departed.expire(now) or bool(silent)

    def snapshot(self) -> PresenceNow:
        """What readers are shown: each person once, by name."""
        members = {key: name for key, (name, _) in self._departed.people.items()}
        guests = self._guests + len(self._departed.places)
        for known in self._others.values():
            members.update(known.members)
            guests += known.guests
        members.update(self._members)
        shown = sorted(members.items(), key=lambda member: (member[1].casefold(), member[0]))[:MOST_SHOWN]
        return PresenceNow(
            count=len(members) + guests, guests=guests, members=[Person(key, name) for key, name in shown]
        )

    def _take_diff(self, known: Node, diff: Mapping[str, Any], now: float) -> None:
        """Take over a change of a node's list. Who went goes first: one who came may take their place."""
        known.version = diff["version"]
        until = now + LEAVE_GRACE
        for key in diff["left"]:
            name = known.members.pop(key, None)
            if name is not None:
                self._departed.add(key, name, until)
        for key in diff["gone"]:
            self._departed.forget(key)
        fewer = known.guests - diff["guests"] - diff["guests_gone"]
        self._departed.add_places([until] * fewer)
        named = max(0, min(diff["guests_gone"], known.guests - diff["guests"]))
        self._arrive(known, diff["joined"], diff["guests"], named)

    def _take_state(self, node: str, state: Mapping[str, Any], now: float) -> None:
        """Take over a node's whole list. It knows best for how long those who went are to be shown."""
        known, members = self._others.get(node), state["members"]
        departed = {key: (name, now + left) for key, (name, left) in state["departed"].items()}
        places = [now + left for left in state["places"]]
        if known is None:  # as all are to a newcomer, which has seen nobody go
            self._departed.people = departed | self._departed.people
            self._departed.places = max(places, self._departed.places, key=len)
            known = Node("", 0, members, state["guests"], now)
        for key in known.members.keys() - members.keys() & departed.keys():
            self._departed.add(key, *departed[key])
        fewer = max(0, known.guests - state["guests"])
        self._departed.add_places(places[len(places) - min(fewer, len(places)) :])
        arrived = {key: name for key, name in members.items() if key not in known.members}
        stayed = {key: name for key, name in members.items() if key in known.members}
        self._others[node] = Node(state["incarnation"], state["version"], stayed, known.guests, now)
        self._arrive(self._others[node], arrived, state["guests"])

    def _arrive(self, known: Node, joined: Mapping[str, str], guests: int, named: int = 0) -> None:
        """Readers of a node came; `named` of them were there before, without a name."""
        newcomers = [key for key in joined if self._welcome(key)]
        known.members.update(joined)
        self._departed.fill_places(max(0, len(newcomers) - named))
        self._departed.fill_places(max(0, guests - known.guests))
        known.guests = guests

    def _welcome(self, key: str) -> bool:
        """Somebody came; returns whether they were not shown, and may be a reader who has taken a name."""
        return not self._departed.forget(key) and not self._is_shown(key)

    def _is_shown(self, key: str) -> bool:
        return key in self._members or any(key in known.members for known in self._others.values())

    def _signed(self, kind: str, **content: Any) -> dict[str, Any]:
        return {
            "kind": kind,
            "node": self.node,
            "incarnation": self.incarnation,
            "version": self.version,
            **content,
        }
