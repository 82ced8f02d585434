"""Reads the snapshot: a page of a thread as it is now."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from django.db.models import Q

from comments import wire
from comments.errors import CommentError
from comments.models import Comment, CommentQuerySet, Thread
from comments.queries.cursors import LARGEST_NUMBER

SNAPSHOT_LIMIT = 50
SNAPSHOT_MOST = 200


@dataclass(frozen=True)
class Sort:
    """An order of comments: the column it begins with, ties broken by id, and its direction."""

    column: str
    descending: bool

    @property
    def ordering(self) -> list[str]:
        sign = "-" if self.descending else ""
        return list(dict.fromkeys([f"{sign}{self.column}", f"{sign}id"]))

    def after(self, end: tuple[int, int]) -> Q:
        """A condition for the comments behind a page that ends at this value and id."""
        value, pk = end
        than = "lt" if self.descending else "gt"
        if self.column == "id":
            return Q(**{f"id__{than}": pk})
        return Q(**{f"{self.column}__{than}": value}) | Q(**{self.column: value, f"id__{than}": pk})

    def end_at(self, comment: Comment) -> tuple[int, int]:
        """The end of a page whose last comment this is."""
        return getattr(comment, self.column), comment.pk


SORTS = {
    "newest": Sort("id", descending=True),
    "oldest": Sort("id", descending=False),
    "top": Sort("reply_count", descending=True),
}


def snapshot(
    thread: Thread, sort: str = "newest", cursor: str | None = None, limit: int = SNAPSHOT_LIMIT
) -> wire.Snapshot:
    """A page of the thread's comments. `limit` is capped at SNAPSHOT_MOST.

    thread: read from the database just now, so before the rows: a change in between has a larger seq.
    Raises CommentError 400 bad_field for an unknown sort, or a cursor that this sort never gave.
    """
    if sort not in SORTS:
        raise CommentError(400, "bad_field", f"sort must be one of {', '.join(SORTS)}.")
    limit = max(1, min(limit, SNAPSHOT_MOST))
    rows: CommentQuerySet = Comment.objects.filter(thread=thread).standing()
    if cursor:
        rows = rows.filter(SORTS[sort].after(_read_cursor(sort, cursor)))
    page = list(rows.order_by(*SORTS[sort].ordering)[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    return wire.Snapshot(
        epoch=thread.epoch,
        seq=thread.head_seq,
        reaction_seq=thread.reaction_seq,
        count=thread.count,
        policy=thread.policy,
        next=_make_cursor(sort, SORTS[sort].end_at(page[-1])) if more else None,
        subject=wire.as_subject(thread),
        results=[wire.as_comment(comment) for comment in page],
    )


def _make_cursor(sort: str, end: tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(f"{sort}:{end[0]}:{end[1]}".encode()).decode().rstrip("=")


def _read_cursor(sort: str, cursor: str) -> tuple[int, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        named, value, pk = text.split(":")
        end = int(value), int(pk)
    except (ValueError, binascii.Error) as error:
        raise CommentError(400, "bad_field", "This cursor is not one of ours.") from error
    if named != sort or not all(0 <= part <= LARGEST_NUMBER for part in end):
        raise CommentError(400, "bad_field", "This cursor is not one of ours.")
    return end
