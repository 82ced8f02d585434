"""Reads conversations: the comments below a root, oldest first, in parts."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import OuterRef

from comments import pages, wire
from comments.errors import CommentError
from comments.models import Comment, CommentQuerySet, Thread
from comments.queries.cursors import Order
from comments.queries.texts import PAGE_BYTES, lean, size_of, with_texts
from comments.queries.windows import Window, narrowed, window_at

REPLIES_LIMIT = 50
REPLIES_MOST = 200
OLDEST_FIRST = Order("replies", ("id",), descending=False)


def get_comment(thread: Thread, pk: int) -> Comment:
    """A visible comment of the thread. Raises CommentError 404 not_found."""
    comment = Comment.objects.filter(thread=thread, pk=pk, status=Comment.Status.VISIBLE).first()
    if comment is None:
        raise _no_comment()
    return comment


def has_comment(thread: Thread, pk: int) -> bool:
    """Whether a page of the thread shows this comment, or a tombstone in its place."""
    return Comment.objects.filter(thread=thread, pk=pk).standing().exists()


def replies(
    thread: Thread, pk: int, cursor: str | None = None, limit: int = REPLIES_LIMIT
) -> pages.Conversation:
    """A part of the conversation that a comment belongs to. `limit` is capped at REPLIES_MOST, and fewer
    comments come where these have more than PAGE_BYTES of text.

    thread: read just now, so before the rows. pk: of any comment of the conversation.
    Raises CommentError: 400 bad_field for a cursor of another list, 404 not_found where the thread has no
    such comment or nothing of its conversation is public.
    """
    found = Comment.objects.filter(thread=thread, pk=pk).select_related("root").first()
    root = (found.root or found) if found else None
    if root is None or not (root.status == Comment.Status.VISIBLE or root.conversation_count):
        raise _no_comment()
    rows = replies_to(root)
    window = window_at(lean(rows), OLDEST_FIRST, cursor, max(1, min(limit, REPLIES_MOST)))
    window = narrowed(OLDEST_FIRST, window, [size_of(row) for row in window.rows], PAGE_BYTES)
    earlier = count_earlier(root, window)
    part = as_replies(root, replace(window, rows=with_texts(window.rows, rows)), earlier=earlier)
    return pages.Conversation(
        epoch=thread.epoch,
        seq=thread.head_seq,
        reaction_seq=thread.reaction_seq,
        root=str(root.pk),
        reply_count=root.conversation_count,
        results=part.results,
        previous=part.previous,
        next=part.next,
        earlier=part.earlier,
        later=part.later,
    )


def replies_to(root: Comment | OuterRef) -> CommentQuerySet:
    """What stands below a root."""
    return Comment.objects.filter(root=root).standing()


def count_earlier(root: Comment, window: Window) -> int:
    """How many visible comments of the conversation stand before a window of it; in a query, or none."""
    if window.previous is None:
        return 0
    before = OLDEST_FIRST.beyond(OLDEST_FIRST.end_at(window.rows[0]), backwards=True)
    return Comment.objects.filter(before, root=root, status=Comment.Status.VISIBLE).count()


def as_replies(root: Comment, window: Window, *, earlier: int = 0) -> pages.Replies:
    """A window of a conversation for the wire. earlier: how many visible comments stand before it."""
    here = sum(comment.status == Comment.Status.VISIBLE for comment in window.rows)
    return pages.Replies(
        results=[wire.as_comment(comment) for comment in window.rows],
        previous=window.previous,
        next=window.next,
        earlier=earlier,
        # Behind every tombstone stands something visible. The root was read a moment before its replies.
        later=max(1, root.conversation_count - earlier - here) if window.next else 0,
    )


def _no_comment() -> CommentError:
    return CommentError(404, "not_found", "This comment is not there, or not any more.")
