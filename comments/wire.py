"""The names of comments on the wire, for pages, scripts and other processes.

They are the same in live frames, in the history and in the snapshot. The frames that only a live connection
has are in realtime.protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

if TYPE_CHECKING:  # a server reads this module before Django is set up
    from comments import models

ShortText = Annotated[str, msgspec.Meta(max_length=256)]  # longer than every id and name that the site makes
VISIBLE = "visible"  # the status of a comment that everybody may see
REMOVED = "removed"  # the status of a tombstone in a snapshot


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """One comment as everybody may see it. Times are UTC; ids are strings.

    edited_by: "author" or "moderator", where it was edited. reaction_seq: the number of the last change of
    its reactions, by which the newer of two counts is known.
    """

    id: str
    user: str
    user_id: str
    role: str
    content: str
    html: str
    timestamp: datetime
    edited_at: datetime | None
    edited_by: str | None
    parent: str | None
    status: str
    version: int
    reactions: dict[str, int] = msgspec.field(default_factory=dict)
    reaction_seq: int = 0


class Message(Comment, frozen=True, kw_only=True, tag="message"):
    """A comment appeared or changed: insert it, or replace the one with its id."""

    seq: int
    prev: int
    count: int | UnsetType = UNSET
    ref: str | UnsetType = UNSET


class Removed(msgspec.Struct, frozen=True, kw_only=True, tag="removed"):
    """A comment is gone for readers. reason: "hidden" or "deleted". parent: where its tombstone stands."""

    id: str
    parent: str | None
    reason: str
    seq: int
    prev: int
    count: int | UnsetType = UNSET


class ThreadChanged(msgspec.Struct, frozen=True, kw_only=True, tag="thread"):
    """The thread was opened or closed."""

    policy: str
    count: int
    seq: int
    prev: int


Change = Message | Removed | ThreadChanged


class Person(msgspec.Struct, frozen=True):
    """Somebody with a name."""

    id: ShortText
    name: ShortText


class Typist(msgspec.Struct, frozen=True):
    """Somebody who types, under `parent` if it is a reply."""

    id: ShortText
    name: ShortText
    parent: ShortText | None


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What is commented on, with its present address."""

    kind: str
    key: str
    url: str


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a thread as it is now. `seq` was read before the rows, so no change is missed in between."""

    epoch: str
    seq: int
    count: int
    policy: str
    next: str | None
    subject: Subject
    results: Sequence[Comment]


class History(msgspec.Struct, frozen=True, kw_only=True, rename={"from_seq": "from"}):
    """Every public change in (from, seq], oldest first, each comment at most once."""

    epoch: str
    from_seq: int
    seq: int
    head: int
    count: int
    has_more: bool
    reset: bool
    changes: Sequence[Change]


_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """JSON in UTF-8."""
    return _encoder.encode(value)


def as_builtins(value: Any) -> Any:
    """What JSON of it would be read as, for answers that another encoder writes."""
    return msgspec.to_builtins(value)


def comment_fields(comment: models.Comment) -> dict[str, Any]:
    """The fields of a visible comment."""
    return {
        "id": str(comment.pk),
        "user": comment.author_name,
        "user_id": comment.author_key,
        "role": comment.role,
        "content": comment.content,
        "html": comment.html,
        "timestamp": comment.created_at,
        "edited_at": comment.edited_at,
        "edited_by": comment.edited_by or None,
        "parent": _parent_id(comment),
        "status": comment.status,
        "version": comment.version,
        "reactions": comment.reactions,
        "reaction_seq": comment.reaction_seq,
    }


def as_comment(comment: models.Comment) -> Comment:
    """The comment for a snapshot; a removed one as a tombstone, without its author and text."""
    if comment.status == VISIBLE:
        return Comment(**comment_fields(comment))
    return Comment(
        id=str(comment.pk),
        user="",
        user_id="",
        role="",
        content="",
        html="",
        timestamp=comment.created_at.astimezone(UTC),
        edited_at=None,
        edited_by=None,
        parent=_parent_id(comment),
        status=REMOVED,
        version=comment.version,
    )


def as_change(comment: models.Comment, *, prev: int, count: int | UnsetType = UNSET) -> Message | Removed:
    """The comment's last change as a frame that follows the change `prev`."""
    if comment.status == VISIBLE:
        return Message(**comment_fields(comment), seq=comment.seq, prev=prev, count=count)
    return Removed(
        id=str(comment.pk),
        parent=_parent_id(comment),
        reason=comment.status,
        seq=comment.seq,
        prev=prev,
        count=count,
    )


def _parent_id(comment: models.Comment) -> str | None:
    return str(comment.parent_id) if comment.parent_id else None
