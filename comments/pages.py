"""The pages of comments on the wire: snapshots by conversations, and parts of one conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from comments import wire

if TYPE_CHECKING:  # a server reads this module before Django is set up
    from comments import models


class Replies(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a conversation, without its root; oldest first.

    previous and next: cursors for what stands before and behind it; None where nothing does. earlier and
    later: how many visible comments that is.
    """

    results: Sequence[wire.Comment]
    previous: str | None
    next: str | None
    earlier: int
    later: int


class Root(wire.Comment, frozen=True, kw_only=True):
    """The first comment of a conversation, with a part of what stands below it."""

    replies: Replies


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """The comment that was asked for. state: "here", "removed" or "unknown"."""

    id: str
    state: str


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a thread as it is now.

    `seq` and `reaction_seq` were read before the rows, so no change is missed in between.
    previous and next: cursors of the pages before and behind it in this sort. around: the comment around
    which it was asked for.
    """

    epoch: str
    seq: int
    reaction_seq: int
    count: int
    policy: str
    subject: wire.Subject
    sort: str
    previous: str | None
    next: str | None
    around: Around | None
    results: Sequence[Root]


class Conversation(Replies, frozen=True, kw_only=True):
    """A part of a conversation, and the thread's numbers as read before it. reply_count: the root's."""

    epoch: str
    seq: int
    reaction_seq: int
    root: str
    reply_count: int


def as_root(comment: models.Comment, replies: Replies) -> Root:
    """The first comment of a conversation for a snapshot."""
    return Root(**wire.comment_fields(comment), replies=replies)
