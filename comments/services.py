"""The services: the only writers of threads and comments.

Each service is one transaction that locks the thread's row first, so that rules are checked against what is
committed, `seq` grows in commit order, and no two of them can lock each other out. The announcement follows
the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from comments import wire
from comments.authors import Author
from comments.changes import announce_on_commit, lock, next_seq
from comments.conf import guests_may_write
from comments.errors import CommentError
from comments.family import bad_parent, count_in_family, join_family, raised_tombstones, read_with_family
from comments.ids import read_id
from comments.models import Comment, Revision, Thread, new_epoch
from comments.rates import COMMENTS_PER_ADDRESS, COMMENTS_PER_AUTHOR, check_address, check_rate
from comments.rendering import render_content
from comments.text import check_content

VISIBLE = Comment.Status.VISIBLE
LONGEST_REF = 64  # characters of a UUID, in any of the ways to write one


@dataclass(frozen=True)
class Posted:
    """The comment that a post led to. duplicate: its ref had been posted before."""

    comment: Comment
    duplicate: bool


def post_comment(
    *,
    author: Author | None,
    thread: Thread,
    content: str,
    ref: str | UUID,
    parent: str | int | None = None,
    address: str | None = None,
    written_at: datetime | None = None,
) -> Posted:
    """Write a comment, or return the one that this author already wrote with this ref.

    parent: the id of the comment replied to. address: the peer's, for its rate limit. written_at: the time of
    a comment that was written elsewhere; now by default.
    Raises CommentError: 400 bad_field, 401 login_required, 403 closed, 404 not_found, 409 ref_conflict, 413
    too_long, 422 blank or bad_parent, 429 rate_limited.
    """
    author = check_may_post(author)
    content = check_content(content)
    ref = _check_ref(ref)
    parent_id = _check_parent_id(parent)
    if posted := _find_posted(thread, author, ref, content, parent_id):
        return posted
    check_rate("comment", author.key, COMMENTS_PER_AUTHOR)
    if address is not None:
        check_address(
            "guest-comment-from" if author.user_id is None else "comment-from", address, COMMENTS_PER_ADDRESS
        )
    comment = Comment(
        author_id=author.user_id,
        author_key=author.key,
        author_name=author.name,
        role=author.role_on(thread),
        ref=ref,
        content=content,
        html=render_content(content),
        created_at=written_at or timezone.now(),
    )
    try:
        _insert(comment, thread, parent_id)
    except IntegrityError:
        # The same ref arrived twice at once, and the other one was first.
        if posted := _find_posted(thread, author, ref, content, parent_id):
            return posted
        raise
    except Thread.DoesNotExist as error:
        raise CommentError(404, "not_found", "What you comment on is not there any more.") from error
    return Posted(comment, duplicate=False)


def edit_comment(*, comment: Comment, content: str) -> Comment:
    """Replace a comment's text as a moderator; the same text again changes nothing.

    The edit of a comment that readers do not see is not a public change: it takes no number, and readers get
    the new text with the change that restores the comment.
    Raises CommentError: 400 bad_field, 413 too_long, 422 blank.
    """
    content = check_content(content)
    html = render_content(content)
    with transaction.atomic():
        thread = lock(comment.thread_id)
        locked = read_with_family(comment)
        write_text(locked, thread, content, html, by=Comment.By.MODERATOR)
    return locked


def hide_comment(*, comment: Comment) -> Comment:
    """Take a comment off every page; moderators still see it in the admin."""
    return _moderate(comment, Comment.Status.HIDDEN)


def restore_comment(*, comment: Comment) -> Comment:
    """Show a hidden or deleted comment again."""
    return _moderate(comment, VISIBLE)


def delete_comment(*, comment: Comment) -> Comment:
    """Remove a comment for good; its row stays as evidence."""
    return _moderate(comment, Comment.Status.DELETED)


def set_policy(*, thread: Thread, policy: str) -> Thread:
    """Open or close a thread."""
    with transaction.atomic():
        locked = lock(thread.pk)
        if locked.policy == policy:
            return locked
        seq = next_seq(locked)
        locked.policy, locked.policy_seq = policy, seq
        locked.save(update_fields=["head_seq", "policy", "policy_seq"])
        frame = wire.ThreadChanged(policy=policy, count=locked.count, seq=seq, prev=seq - 1)
        announce_on_commit(locked, frame)
    return locked


def rotate_epoch(*, thread: Thread) -> Thread:
    """Void all numbers that pages know of this thread, after a backup was restored: pages start again."""
    with transaction.atomic():
        locked = lock(thread.pk)
        locked.epoch = new_epoch()
        locked.save(update_fields=["epoch"])
    return locked


def delete_thread_of(*, target: Model) -> None:
    """Delete the thread of an object that is going, with its comments; nothing is announced.

    A comment that is being written here is stored first, or finds no thread any more.
    """
    content_type = ContentType.objects.get_for_model(target)
    with transaction.atomic():
        threads = Thread.objects.filter(content_type=content_type, object_key=str(target.pk))
        for thread in threads.select_for_update():
            thread.delete()


def check_may_post(author: Author | None) -> Author:
    """Return the author, who may write here. Raises CommentError 401 login_required."""
    if author is None or (author.role == Comment.Role.GUEST and not guests_may_write()):
        raise CommentError(401, "login_required", "Log in to comment.")
    return author


def _insert(comment: Comment, thread: Thread, parent_id: int | None) -> None:
    with transaction.atomic():
        locked = lock(thread.pk)
        if locked.policy == Thread.Policy.CLOSED:
            raise CommentError(403, "closed", "Comments are closed here.")
        comment.thread = locked
        if parent_id is not None:
            join_family(comment, parent_id)
            count_in_family(comment, +1)
        comment.seq = comment.first_seq = next_seq(locked)
        comment.save(force_insert=True)
        locked.count += 1
        locked.save(update_fields=["head_seq", "count"])
        frame = wire.as_change(comment, prev=comment.seq - 1, count=locked.count)
        announce_on_commit(locked, frame, author_key=comment.author_key, ref=str(comment.ref))


def write_text(locked: Comment, thread: Thread, content: str, html: str, *, by: str) -> None:
    """Give a comment another text, and keep the one that it had.

    locked: read with its family. thread: its row is locked.
    """
    if locked.content == content:
        return
    Revision.objects.create(
        comment=locked,
        version=locked.version,
        content=locked.content,
        edited_by=locked.edited_by,
        edited_at=locked.edited_at or locked.created_at,
    )
    locked.content, locked.html = content, html
    locked.version += 1
    locked.edited_at, locked.edited_by = timezone.now(), by
    if locked.status == VISIBLE:
        locked.seq = locked.edited_seq = next_seq(thread)
        thread.save(update_fields=["head_seq"])
        announce_on_commit(thread, wire.as_change(locked, prev=locked.seq - 1, count=thread.count))
    locked.save(update_fields=["content", "html", "version", "edited_at", "edited_by", "edited_seq", "seq"])


def set_status(locked: Comment, thread: Thread, status: str, *, by: str) -> None:
    """Show a comment, or take it away.

    locked: read with its family. thread: its row is locked. by: who does it.
    """
    is_visible = status == VISIBLE
    was_visible, was = locked.status == VISIBLE, (locked.status, locked.removed_by)
    locked.status = status
    locked.removed_by = "" if is_visible else by
    if was_visible == is_visible:  # hidden becomes deleted: readers had lost it already
        if was != (locked.status, locked.removed_by):
            locked.save(update_fields=["status", "removed_by"])
        return
    was_removed_at, locked.removed_at = locked.removed_at, None if is_visible else timezone.now()
    change = 1 if is_visible else -1
    count_in_family(locked, change)
    if is_visible:
        _announce_tombstones_above(locked, thread)
    locked.seq = next_seq(thread)
    if not is_visible:
        locked.removed_seq = locked.seq
    elif was_removed_at and locked.edited_at and locked.edited_at > was_removed_at:
        locked.edited_seq = locked.seq  # readers get the text that was written meanwhile
    locked.save(update_fields=["status", "removed_at", "removed_by", "removed_seq", "edited_seq", "seq"])
    thread.count += change
    thread.save(update_fields=["head_seq", "count"])
    announce_on_commit(thread, wire.as_change(locked, prev=locked.seq - 1, count=thread.count))


def _moderate(comment: Comment, status: str) -> Comment:
    with transaction.atomic():
        thread = lock(comment.thread_id)
        locked = read_with_family(comment)
        set_status(locked, thread, status, by=Comment.By.MODERATOR)
    return locked


def _announce_tombstones_above(comment: Comment, thread: Thread) -> None:
    """Announce the tombstones that stand because this comment, which is restored, does.

    Pages that were opened meanwhile have never heard of them. The caller saves `head_seq`.
    """
    for tombstone in raised_tombstones(comment):
        tombstone.seq = next_seq(thread)
        tombstone.save(update_fields=["seq"])
        announce_on_commit(thread, wire.as_change(tombstone, prev=tombstone.seq - 1, count=thread.count))


def _find_posted(
    thread: Thread, author: Author, ref: UUID, content: str, parent_id: int | None
) -> Posted | None:
    comment = Comment.objects.filter(thread=thread, author_key=author.key, ref=ref).first()
    if comment is None:
        return None
    if comment.version == 1 and (
        comment.content.strip() != content.strip() or comment.parent_id != parent_id
    ):
        raise CommentError(409, "ref_conflict", "This ref was used for another comment.")
    return Posted(comment, duplicate=True)


def _check_ref(ref: str | UUID) -> UUID:
    try:
        if len(text := str(ref)) <= LONGEST_REF:
            return UUID(text)
    except ValueError:
        pass
    raise CommentError(400, "bad_field", "ref must be a UUID.")


def _check_parent_id(parent: str | int | None) -> int | None:
    if parent is None or parent == "":
        return None
    if (pk := read_id(str(parent))) is None:
        raise bad_parent()
    return pk
