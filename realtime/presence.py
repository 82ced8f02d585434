"""Who reads one article, agreed on between processes without a store. No I/O; the time is an argument.

Each process (a node, in one incarnation) owns the list of its own readers and tells the others every change
of it with a growing version. Now and then it sends only the version, as a digest: who missed a change
notices, asks, and is sent the whole list. A node that says nothing for EXPIRES seconds is taken for dead,
and its readers with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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

    def apply(self, diff: Mapping[str, Any]) -> None:
        """Take over a change of the node's list."""
        self.version = diff["version"]
        self.members.update(diff["joined"])
        for key in diff["left"]:
            self.members.pop(key, None)
        self.guests = diff["guests"]


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

    def join(self, person: Person | None) -> None:
        """A socket of this node came; None is a reader without a name."""
        if person is None:
            self._guests += 1
            return
        self._sockets[person.id] += 1
        self._members[person.id] = person.name

    def leave(self, person: Person | None) -> None:
        """A socket of this node went."""
        if person is None:
            self._guests -= 1
            return
        self._sockets[person.id] -= 1
        if self._sockets[person.id] <= 0:
            del self._sockets[person.id]
            self._members.pop(person.id, None)

    def is_here(self, person_id: str) -> bool:
        """Whether a socket of this node belongs to the person."""
        return person_id in self._members

    def diff(self) -> dict[str, Any] | None:
        """What changed here since the last call, for the other nodes; None if nothing did."""
        told_members, told_guests = self._told
        joined = {key: name for key, name in self._members.items() if told_members.get(key) != name}
        left = [key for key in told_members if key not in self._members]
        if not joined and not left and told_guests == self._guests:
            return None
        self.version += 1
        self._told = (dict(self._members), self._guests)
        return self._signed("diff", joined=joined, left=left, guests=self._guests)

    def digest(self) -> dict[str, Any]:
        """A sign of life with the version of this node's list."""
        return self._signed("digest")

    def state(self) -> dict[str, Any]:
        """This node's whole list, as it was last told."""
        members, guests = self._told
        return self._signed("state", members=members, guests=guests)

    def request(self, node: str | None = None) -> dict[str, Any]:
        """Ask one node, or all, for their whole lists."""
        return self._signed("request", to=node)

    def receive(self, message: Mapping[str, Any], now: float) -> dict[str, Any] | None:
        """Take a message of another node; returns the answer to send to the group, if it wants one."""
        node, kind = message["node"], message["kind"]
        if node == self.node:
            return None
        if kind == "request":
            return self.state() if message["to"] in (None, self.node) else None
        if kind == "state":
            self._others[node] = Node(
                message["incarnation"], message["version"], dict(message["members"]), message["guests"], now
            )
            return None
        known = self._others.get(node)
        step = 1 if kind == "diff" else 0
        if known is None or not known.continues(message, step):
            return self.request(node)
        known.heard_at = now
        if kind == "diff":
            known.apply(message)
        return None

    def expire(self, now: float) -> None:
        """Forget the nodes that fell silent."""
        for node in [name for name, known in self._others.items() if known.heard_at + EXPIRES <= now]:
            del self._others[node]

    def snapshot(self) -> PresenceNow:
        """What readers are shown: each person once, by name."""
        members = dict(self._members)
        guests = self._guests
        for known in self._others.values():
            members.update(known.members)
            guests += known.guests
        shown = sorted(members.items(), key=lambda member: (member[1].casefold(), member[0]))[:MOST_SHOWN]
        return PresenceNow(
            count=len(members) + guests, guests=guests, members=[Person(key, name) for key, name in shown]
        )

    def _signed(self, kind: str, **content: Any) -> dict[str, Any]:
        return {
            "kind": kind,
            "node": self.node,
            "incarnation": self.incarnation,
            "version": self.version,
            **content,
        }
