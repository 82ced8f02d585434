"""The numbers that a comment's conversation keeps of it. Only services call this, under the thread's lock."""

from __future__ import annotations

from collections.abc import Iterator

from comments.errors import CommentError
from comments.models import Comment

VISIBLE = Comment.Status.VISIBLE


def join_family(comment: Comment, parent_id: int) -> None:
    """Make a new comment a reply. Raises CommentError 422 bad_parent where there is nothing to reply to."""
    found = Comment.objects.with_family().filter(pk=parent_id, thread_id=comment.thread_id, status=VISIBLE)
    parent = found.first()
    if parent is None:
        raise bad_parent()
    comment.parent = parent
    comment.root = parent.root or parent


def read_with_family(comment: Comment) -> Comment:
    """The comment as the database has it now, with its root and its parent."""
    return Comment.objects.with_family().get(pk=comment.pk)


def count_in_family(comment: Comment, change: int) -> None:
    """Count a comment that appeared (+1) or went (-1), at its parent and at its root."""
    if comment.parent_id == comment.root_id:
        comment.parent = comment.root  # one row, so one object
    if comment.parent is not None:
        comment.parent.reply_count = max(0, comment.parent.reply_count + change)
    if comment.root is not None:
        # A process of the version before counts no conversations while a site is updated.
        comment.root.conversation_count = max(0, comment.root.conversation_count + change)
    for relative in _above(comment):
        relative.save(update_fields=["reply_count", "conversation_count"])


def raised_tombstones(comment: Comment) -> Iterator[Comment]:
    """The removed comments that stand because this one, already counted, is visible again; root first."""
    for relative in _above(comment):
        if relative.status != VISIBLE and relative.count_of_replies == 1:
            yield relative


def _above(comment: Comment) -> list[Comment]:
    """The comment's root and its parent, which are often one."""
    relatives = {relative.pk: relative for relative in (comment.root, comment.parent) if relative is not None}
    return list(relatives.values())


def bad_parent() -> CommentError:
    return CommentError(422, "bad_parent", "The comment you reply to is not there any more.")
