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

    root: the first comment of its conversation; None for that one itself. reply_count: of a root, the visible
    comments of its conversation; of another comment, its visible direct replies. edited_by: "author" or
    "moderator", where it was edited. reaction_seq: the number of the last change of its reactions, by which
    the newer of two counts is known. reacted: the asker's own reactions, only in answers to one person.
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
    root: str | None
    reply_count: int
    status: str
    version: int
    reactions: dict[str, int] = msgspec.field(default_factory=dict)
    reaction_seq: int = 0
    reacted: Sequence[str] | UnsetType = UNSET


class Message(Comment, frozen=True, kw_only=True, tag="message"):
    """A comment appeared or changed: insert it, or replace the one with its id.

    root_reply_count and parent_reply_count: the `reply_count` of its root, and of the comment that it
    answers, after this change or a later one. A root is its own root. first_seq: the change with which the
    comment appeared first, by which a client knows one that is new to it; 0 where nobody knows.
    """

    root_reply_count: int
    parent_reply_count: int | None
    first_seq: int
    seq: int
    prev: int
    count: int | UnsetType = UNSET
    ref: str | UnsetType = UNSET


class Removed(msgspec.Struct, frozen=True, kw_only=True, tag="removed"):
    """A comment is gone for readers.

    reason: "hidden" or "deleted". parent and root: where its tombstone stands, which is there while
    `reply_count`, the number of its visible replies, is more than none. The other counts are as in `Message`.
    """

    id: str
    parent: str | None
    root: str | None
    reply_count: int
    root_reply_count: int
    parent_reply_count: int | None
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


class Reactions(msgspec.Struct, frozen=True, kw_only=True, tag="reaction"):
    """How many people react to a comment, by emoji. reaction_seq: the number of the last change of that."""

    id: str
    counts: dict[str, int]
    reaction_seq: int


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A text that a comment has or had. edited_by: who wrote it; null for the first one."""

    version: int
    content: str
    edited_by: str | None
    timestamp: datetime


class Revisions(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of a comment, the present one first."""

    results: Sequence[Revision]


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
    """What is commented on, by its present address. revision: grows with each; 0 where nobody counts."""

    kind: str
    key: str
    url: str
    title: str = ""
    revision: int = 0


class History(msgspec.Struct, frozen=True, kw_only=True, rename={"from_seq": "from"}):
    """Every public change in (from, seq], oldest first, each comment at most once.

    reactions: the counts of visible comments that changed after the number that the client named, up to
    `reaction_seq`; none where it named no number. subject: what is commented on, for clients that hear of its
    revisions in no other way.
    """

    epoch: str
    from_seq: int
    seq: int
    head: int
    count: int
    has_more: bool
    reset: bool
    changes: Sequence[Change]
    reaction_seq: int
    reactions: Sequence[Reactions]
    subject: Subject | UnsetType = UNSET


_encoder = msgspec.json.Encoder()


def encode(value: Any) -> bytes:
    """JSON in UTF-8."""
    return _encoder.encode(value)


def as_builtins(value: Any) -> Any:
    """What JSON of it would be read as, for answers that another encoder writes."""
    return msgspec.to_builtins(value)


def as_comment(comment: models.Comment) -> Comment:
    """The comment for a snapshot; a removed one as a tombstone, without its author and text."""
    return Comment(**comment_fields(comment))


def as_subject(thread: models.Thread) -> Subject:
    """What is commented on, as it is now."""
    return Subject(**{name: getattr(thread, name) for name in Subject.__struct_fields__})


def comment_fields(comment: models.Comment) -> dict[str, Any]:
    """The fields of a comment, or of its tombstone."""
    fields = {
        "id": str(comment.pk),
        "timestamp": comment.created_at.astimezone(UTC),
        "parent": _as_id(comment.parent_id),
        "root": _as_id(comment.root_id),
        "reply_count": comment.count_of_replies,
        "version": comment.version,
    }
    return fields | (_words(comment) if comment.status == VISIBLE else _NO_WORDS)


def _words(comment: models.Comment) -> dict[str, Any]:
    """What is public of a comment only while it is visible."""
    return {
        "user": comment.author_name,
        "user_id": comment.author_key,
        "role": comment.role,
        "content": comment.content,
        "html": comment.html,
        "edited_at": comment.edited_at,
        "edited_by": comment.edited_by or None,
        "status": comment.status,
        "reactions": comment.reactions,
        "reaction_seq": comment.reaction_seq,
    }


_NO_WORDS: dict[str, Any] = {
    **dict.fromkeys(("user", "user_id", "role", "content", "html"), ""),
    "edited_at": None,
    "edited_by": None,
    "status": REMOVED,
}


def as_change(comment: models.Comment, *, prev: int, count: int | UnsetType = UNSET) -> Message | Removed:
    """The comment's last change as a frame that follows the change `prev`.

    comment: read `with_family`, or else this asks for its root and its parent.
    """
    numbers: dict[str, Any] = {
        "root_reply_count": (comment.root or comment).conversation_count,
        "parent_reply_count": comment.parent.count_of_replies if comment.parent else None,
        "seq": comment.seq,
        "prev": prev,
        "count": count,
    }
    if comment.status == VISIBLE:
        return Message(**comment_fields(comment), first_seq=comment.first_seq, **numbers)
    return Removed(
        id=str(comment.pk),
        parent=_as_id(comment.parent_id),
        root=_as_id(comment.root_id),
        reply_count=comment.count_of_replies,
        reason=comment.status,
        **numbers,
    )


def as_reactions(comment: models.Comment) -> Reactions:
    """The counts of a visible comment's reactions."""
    return Reactions(id=str(comment.pk), counts=comment.reactions, reaction_seq=comment.reaction_seq)


def as_revision(text: models.Comment | models.Revision, written_at: datetime) -> Revision:
    """The present text of a comment, or a former one."""
    return Revision(
        version=text.version, content=text.content, edited_by=text.edited_by or None, timestamp=written_at
    )


def _as_id(pk: int | None) -> str | None:
    return str(pk) if pk else None
