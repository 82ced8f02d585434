"""The services for what people do with their own comments: edit, delete, and take the deletion back.

A thread that is closed takes no edits, because others can't answer them any more. What somebody wrote they
may delete at any time, and take that back for a moment, also where the thread is closed.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from comments import wire
from comments.changes import lock
from comments.conf import edit_window, undo_window
from comments.errors import CommentError
from comments.ids import read_id
from comments.models import Comment, Thread
from comments.rates import CHANGES_PER_ADDRESS, CHANGES_PER_AUTHOR, check_rates
from comments.rendering import render_content
from comments.services import VISIBLE, check_may_post, set_status, write_text
from comments.text import check_content

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comments.authors import Author

DELETED = Comment.Status.DELETED
UNDO_GRACE = 5  # s more than a page shows: the word of somebody on a slow line is on its way meanwhile


def edit_own_comment(
    *,
    author: Author | None,
    thread: Thread,
    comment_id: str,
    content: str,
    version: int,
    address: str | None = None,
) -> Comment:
    """Replace the text of the author's own comment; the same text again changes nothing.

    version: the one that was edited. address: the peer's, for its rate limit.
    Raises CommentError: 400 bad_field, 401 login_required, 403 closed, edit_window or forbidden, 404
    not_found, 409 stale with the present comment, 413 too_long, 422 blank, 429 rate_limited.
    """
    author = check_may_post(author)
    content = check_content(content)
    check_rates("change", author.key, CHANGES_PER_AUTHOR, address, CHANGES_PER_ADDRESS)
    html = render_content(content)
    with _own(author, thread, comment_id) as (comment, locked):
        if comment.status != VISIBLE:
            raise not_there()
        if comment.content != content:
            _check_may_edit(comment, locked, version)
            write_text(comment, locked, content, html, by=Comment.By.AUTHOR)
    return comment


def delete_own_comment(
    *, author: Author | None, thread: Thread, comment_id: str, address: str | None = None
) -> Comment:
    """Delete the author's own comment; once more changes nothing.

    Raises CommentError: 401 login_required, 403 forbidden, 404 not_found, 429 rate_limited.
    """
    author = check_may_post(author)
    check_rates("change", author.key, CHANGES_PER_AUTHOR, address, CHANGES_PER_ADDRESS)
    with _own(author, thread, comment_id) as (comment, locked):
        if comment.status == VISIBLE:
            set_status(comment, locked, DELETED, by=Comment.By.AUTHOR)
        elif not _was_deleted_by_author(comment):
            raise not_there()
    return comment


def restore_own_comment(
    *, author: Author | None, thread: Thread, comment_id: str, address: str | None = None
) -> Comment:
    """Show again what its author deleted a moment ago; a comment that is shown stays as it is.

    What a moderator removed stays removed.
    Raises CommentError: 401 login_required, 403 forbidden or undo_window, 404 not_found, 429 rate_limited.
    """
    author = check_may_post(author)
    check_rates("change", author.key, CHANGES_PER_AUTHOR, address, CHANGES_PER_ADDRESS)
    with _own(author, thread, comment_id) as (comment, locked):
        if comment.status != VISIBLE:
            if not _was_deleted_by_author(comment):
                raise not_there()
            _check_may_undo(comment)
            set_status(comment, locked, VISIBLE, by=Comment.By.AUTHOR)
    return comment


def not_there() -> CommentError:
    """The refusal where a comment is unknown, or readers do not see it."""
    return CommentError(404, "not_found", "This comment is not there any more.")


def get_any(thread: Thread, comment_id: str) -> Comment:
    """A comment of a thread, whatever its status. Raises CommentError 404 not_found."""
    pk = read_id(comment_id)
    comment = pk and Comment.objects.with_family().filter(thread=thread, pk=pk).first()
    if not comment:
        raise not_there()
    return comment


def check_takes_edits(comment: Comment, thread: Thread) -> None:
    """Raise CommentError 403 closed or edit_window where a comment takes no edits any more."""
    if thread.policy == Thread.Policy.CLOSED:
        raise CommentError(403, "closed", "Comments are closed here.")
    if timezone.now() - comment.created_at >= edit_window():
        raise CommentError(403, "edit_window", "The time to edit this comment is over.")


@contextmanager
def _own(author: Author, thread: Thread, comment_id: str) -> Iterator[tuple[Comment, Thread]]:
    """A transaction with the thread's lock, the thread, and a comment in it that is the author's own."""
    try:
        with transaction.atomic():
            locked = lock(thread.pk)
            comment = get_any(locked, comment_id)
            if comment.author_key != author.key:
                # Of a comment that readers do not see, strangers do not learn that it exists.
                raise _not_yours() if comment.status == VISIBLE else not_there()
            yield comment, locked
    except Thread.DoesNotExist as error:
        raise not_there() from error


def _check_may_edit(comment: Comment, locked: Thread, version: int) -> None:
    check_takes_edits(comment, locked)
    if comment.version != version:
        raise CommentError(
            409, "stale", "This comment was changed meanwhile.", comment=wire.as_comment(comment)
        )


def _check_may_undo(comment: Comment) -> None:
    removed_at = comment.removed_at
    if removed_at is None or (timezone.now() - removed_at - undo_window()).total_seconds() >= UNDO_GRACE:
        raise CommentError(403, "undo_window", "The time to take that back is over.")


def _was_deleted_by_author(comment: Comment) -> bool:
    return comment.status == DELETED and comment.removed_by == Comment.By.AUTHOR


def _not_yours() -> CommentError:
    return CommentError(403, "forbidden", "Only who wrote a comment may change it.")
