"""A reader's copy of one thread, kept by the rules of docs/protocol.md, and what it has to be equal to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.realtime.database import query

Frame = dict[str, Any]


class Gap(Exception):
    """A frame follows a number that this reader has not seen."""


@dataclass
class ThreadCopy:
    """The comments that a reader shows, and the number of the last change that they know.

    live: the numbers of the changes that arrived on a socket and were applied, in order. began: the number
    that the page or snapshot had. known: the numbers of all changes that were applied since.
    """

    epoch: str = ""
    position: int = 0
    count: int = 0
    policy: str = ""
    comments: dict[str, Frame] = field(default_factory=dict)
    live: list[int] = field(default_factory=list)
    began: int = 0
    known: set[int] = field(default_factory=set)

    def begin(self, epoch: str, seq: int, comments: list[Frame], *, count: int, policy: str) -> None:
        """Start again from a page or snapshot."""
        if epoch != self.epoch or seq < self.position:
            self.live = []  # numbers begin anew
        self.epoch, self.position, self.count, self.policy = epoch, seq, count, policy
        self.began, self.known = seq, set()
        self.comments = {comment["id"]: comment for comment in comments}

    def take(self, frame: Frame) -> bool:
        """Apply a live frame; returns False for one that is old. Raises Gap."""
        if frame["seq"] <= self.position:
            return False
        if frame["prev"] > self.position:
            raise Gap(f"at {self.position}, and {frame['seq']} follows {frame['prev']}")
        self._apply(frame)
        self.position = frame["seq"]
        self.live.append(frame["seq"])
        return True

    def replay(self, history: Frame) -> None:
        """Apply an answer of the history that was asked for after `position`, or before it was reached."""
        for change in history["changes"]:
            if change["seq"] > self.position:
                self._apply(change)
                self.position = change["seq"]
        if history["seq"] >= self.position:  # else it is old: live frames came while it was on its way
            self.position = history["seq"]
            if not history["has_more"]:
                self.count = history["count"]

    def _apply(self, frame: Frame) -> None:
        self.known.add(frame["seq"])
        if frame["type"] == "message":
            self.comments[frame["id"]] = frame
        elif frame["type"] == "removed":
            self.comments.pop(frame["id"], None)
        elif frame["type"] == "thread":
            self.policy = frame["policy"]
        self.count = frame.get("count", self.count)

    def shown(self) -> dict[str, tuple[int, str]]:
        """Version and text of every comment that is visible, by id; tombstones of a snapshot are not."""
        visible = (comment for comment in self.comments.values() if comment["status"] == "visible")
        return {comment["id"]: (comment["version"], comment["content"]) for comment in visible}

    def numbered(self) -> dict[str, int]:
        """The number of each comment's last change, where this reader was told it."""
        return {key: comment["seq"] for key, comment in self.comments.items() if "seq" in comment}


@dataclass(frozen=True)
class Truth:
    """What the database holds of one thread."""

    epoch: str
    head: int
    count: int
    comments: dict[str, tuple[int, str]]
    seqs: dict[str, int]


def thread_of(database_url: str, slug: str) -> tuple[int, int]:
    """The id of an article's thread, and the number of its last change."""
    [(thread, head)] = query(
        database_url,
        "SELECT t.id, head_seq FROM comments_thread t JOIN blog_article a "
        "ON object_key = CAST(a.id AS VARCHAR(20)) "
        "WHERE slug = ?",
        slug,
    )
    return thread, head


def truth_of(database_url: str, slug: str) -> Truth:
    """Read a thread, past everything that the site's code does."""
    thread, head = thread_of(database_url, slug)
    [(epoch, count)] = query(database_url, "SELECT epoch, count FROM comments_thread WHERE id = ?", thread)
    rows = query(
        database_url,
        "SELECT id, version, content, seq FROM comments_comment WHERE thread_id = ? AND status = 'visible'",
        thread,
    )
    comments = {str(key): (version, content) for key, version, content, _ in rows}
    return Truth(epoch, head, count, comments, seqs={str(key): seq for key, _, _, seq in rows})


def check_equal(copy: ThreadCopy, truth: Truth) -> None:
    """Fail where a reader's copy is not the database: lost, doubled, hidden, stale or out of order."""
    shown = copy.shown()
    lost, too_many = truth.comments.keys() - shown.keys(), shown.keys() - truth.comments.keys()
    assert not lost and not too_many, f"lost {sorted(lost)}, too many {sorted(too_many)}"
    assert shown == truth.comments
    seqs = {key: seq for key, seq in copy.numbered().items() if key in shown}
    assert seqs == {key: truth.seqs[key] for key in seqs}
    assert copy.live == sorted(set(copy.live))
    assert (copy.epoch, copy.position) == (truth.epoch, truth.head)
    assert copy.count == truth.count == len(shown)
