"""Reads the snapshot: a page of a thread's conversations as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import OuterRef, Subquery

from comments import pages, wire
from comments.errors import CommentError
from comments.ids import read_id
from comments.models import Comment, CommentQuerySet, Thread
from comments.queries.conversations import OLDEST_FIRST, as_replies, count_earlier, replies_to
from comments.queries.cursors import Order
from comments.queries.texts import PAGE_BYTES, lean, size_of, with_texts
from comments.queries.windows import Window, narrowed, window_around, window_at, window_of

SNAPSHOT_LIMIT = 25  # conversations
SNAPSHOT_MOST = 100
FIRST_REPLIES = 3  # that come with each of them
FIRST_BYTES = 32 * 1024  # of text in them; fewer come where they have more
AROUND = 30  # replies that come with the conversation of a comment that is asked for
NEAR, BEFORE = 20, 10  # where at most NEAR stand before that comment, all of those, else BEFORE
AROUND_BYTES = 128 * 1024  # as FIRST_BYTES

BELOW = [f"below_{n}" for n in range(FIRST_REPLIES + 1)]  # columns of a root: ids of its first replies

SORTS = {
    "newest": Order("newest", ("id",), descending=True),
    "oldest": Order("oldest", ("id",), descending=False),
    "top": Order("top", ("reaction_count", "conversation_count", "id"), descending=True),
}


@dataclass(frozen=True)
class Sought:
    """A comment that a page is to be around. comment: None where the thread never had it."""

    id: str
    comment: Comment | None

    @property
    def state(self) -> str:
        if self.comment is None:
            return "unknown"
        return "here" if self.comment.status == Comment.Status.VISIBLE else "removed"

    @property
    def root(self) -> Comment | None:
        return (self.comment.root or self.comment) if self.comment else None


def snapshot(
    thread: Thread,
    sort: str = "newest",
    cursor: str | None = None,
    limit: int = SNAPSHOT_LIMIT,
    around: str | None = None,
) -> pages.Snapshot:
    """A page of the thread's conversations, each with its first replies.

    thread: read from the database just now, so before the rows: a change in between has a larger seq. limit:
    conversations, capped at SNAPSHOT_MOST; fewer come where their text is more than PAGE_BYTES. around: the
    id of a comment whose conversation the page is to hold, with the replies around it; where it was removed,
    the page is around its place, and where the thread never had it, the page is the first one.
    Two queries; one more with a cursor, at most seven around a comment, and two more for large texts.
    Raises CommentError 400 bad_field for an unknown sort, a cursor that this sort never gave, or both a
    cursor and a comment.
    """
    if sort not in SORTS:
        raise CommentError(400, "bad_field", f"sort must be one of {', '.join(SORTS)}.")
    if cursor and around:
        raise CommentError(400, "bad_field", "A page is at a cursor or around a comment.")
    sought = _seek(thread, around) if around else None
    roots, order = Comment.objects.filter(thread=thread, root=None).standing(), SORTS[sort]
    window = _window(_with_first(lean(roots)), order, cursor, max(1, min(limit, SNAPSHOT_MOST)), sought)
    below = _first_replies(window.rows) | _replies_around(window.rows, sought)
    sizes = [size_of(root) + sum(map(size_of, below[root.pk].rows)) for root in window.rows]
    window = narrowed(order, window, sizes, PAGE_BYTES)
    return pages.Snapshot(
        epoch=thread.epoch,
        seq=thread.head_seq,
        reaction_seq=thread.reaction_seq,
        count=thread.count,
        policy=thread.policy,
        subject=wire.as_subject(thread),
        sort=sort,
        previous=window.previous,
        next=window.next,
        around=pages.Around(id=sought.id, state=sought.state) if sought else None,
        results=list(_conversations(with_texts(window.rows, roots), below)),
    )


def _seek(thread: Thread, id_: str) -> Sought:
    pk = read_id(id_)
    found = Comment.objects.filter(thread=thread, pk=pk).select_related("root").first() if pk else None
    return Sought(id_, found)


def _with_first(roots: CommentQuerySet) -> CommentQuerySet:
    """The roots, each with the ids of its first replies, and of the one behind those."""
    below = replies_to(OuterRef("pk")).order_by(*OLDEST_FIRST.by()).values("pk")
    return roots.annotate(**{name: Subquery(below[n : n + 1]) for n, name in enumerate(BELOW)})


def _window(
    roots: CommentQuerySet, order: Order, cursor: str | None, limit: int, sought: Sought | None
) -> Window:
    if sought is None or sought.root is None:
        return window_at(roots, order, cursor, limit)
    end = order.end_at(sought.root)
    return window_around(roots, order, end, limit, near=limit - 1, before=limit // 2)


def _first_replies(roots: Sequence[Comment]) -> dict[int, Window]:
    """The first replies of each of these roots, by the root's id; in one query."""
    ids = {root.pk: [pk for name in BELOW if (pk := getattr(root, name))] for root in roots}
    first = [pk for below in ids.values() for pk in below[:FIRST_REPLIES]]
    found = lean(Comment.objects.standing()).in_bulk(first)
    parts = {}
    for root in roots:
        rows = [found[pk] for pk in ids[root.pk][:FIRST_REPLIES] if pk in found]
        has_more = len(ids[root.pk]) > FIRST_REPLIES
        parts[root.pk] = _narrowed(window_of(OLDEST_FIRST, rows, has_more), FIRST_BYTES)
    return parts


def _replies_around(roots: Sequence[Comment], sought: Sought | None) -> dict[int, Window]:
    """The replies around a comment that is one, by the id of its root if that is among these."""
    comment = sought.comment if sought else None
    root = next((root for root in roots if comment and root.pk == comment.root_id), None)
    if comment is None or root is None:
        return {}
    end = OLDEST_FIRST.end_at(comment)
    window = window_around(lean(replies_to(root)), OLDEST_FIRST, end, AROUND, near=NEAR, before=BEFORE)
    return {root.pk: _narrowed(window, AROUND_BYTES)}


def _narrowed(window: Window, most: int) -> Window:
    return narrowed(OLDEST_FIRST, window, [size_of(row) for row in window.rows], most)


def _conversations(roots: Sequence[Comment], below: Mapping[int, Window]) -> Iterator[pages.Root]:
    """These roots with what was read of their conversations."""
    rows = [row for root in roots for row in below[root.pk].rows]
    replies = {row.pk: row for row in with_texts(rows, Comment.objects.standing())}
    for root in roots:
        window = below[root.pk]
        earlier = count_earlier(root, window)
        here = [replies[row.pk] for row in window.rows if row.pk in replies]
        yield pages.as_root(root, as_replies(root, replace(window, rows=here), earlier=earlier))
