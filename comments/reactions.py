"""The service for reactions: the only writer of them and of their counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from comments.announcements import ReactionsChange
from comments.changes import lock, publish_on_commit
from comments.conf import reaction_kinds
from comments.editing import get_any, not_there
from comments.errors import CommentError
from comments.models import Comment, Reaction, Thread
from comments.rates import REACTIONS_PER_ADDRESS, REACTIONS_PER_AUTHOR, check_rates
from comments.services import VISIBLE, check_may_post
from comments.text import check_encodable

if TYPE_CHECKING:
    from comments.authors import Author


def react(
    *,
    author: Author | None,
    thread: Thread,
    comment_id: str,
    emoji: str,
    on: bool,
    address: str | None = None,
) -> Comment:
    """Have the author react to a comment in this way, or no longer; once more changes nothing.

    address: the peer's, for its rate limit. A closed thread takes no reactions, and lets people take theirs
    back, as it does with reactions that the project offers no more.
    Raises CommentError: 400 bad_field, 401 login_required, 403 closed, 404 not_found, 422 bad_reaction, 429
    rate_limited.
    """
    author = check_may_post(author)
    check_encodable(emoji)
    if on and emoji not in reaction_kinds():
        raise CommentError(422, "bad_reaction", "That is not among the reactions here.")
    check_rates("react", author.key, REACTIONS_PER_AUTHOR, address, REACTIONS_PER_ADDRESS)
    try:
        with transaction.atomic():
            locked = lock(thread.pk)
            comment = get_any(locked, comment_id)
            if comment.status != VISIBLE:
                raise not_there()
            _react(comment, locked, author.key, emoji, on)
    except Thread.DoesNotExist as error:
        raise not_there() from error
    return comment


def _react(comment: Comment, locked: Thread, author_key: str, emoji: str, on: bool) -> None:
    rows = Reaction.objects.filter(comment=comment, author_key=author_key, emoji=emoji)
    if rows.exists() == on:
        return
    if not on:
        rows.delete()
    elif locked.policy == Thread.Policy.CLOSED:
        raise CommentError(403, "closed", "Comments are closed here.")
    else:
        Reaction.objects.create(comment=comment, author_key=author_key, emoji=emoji)
    _count(comment, locked, emoji, 1 if on else -1)
    publish_on_commit(locked, ReactionsChange(thread=locked.pk, epoch=locked.epoch, seq=locked.reaction_seq))


def _count(comment: Comment, locked: Thread, emoji: str, change: int) -> None:
    """Count a reaction, under the thread's lock, by which its number grows in commit order."""
    count = comment.reactions.get(emoji, 0) + change
    counts = {kind: number for kind, number in comment.reactions.items() if kind != emoji}
    comment.reactions = {**counts, emoji: count} if count > 0 else counts
    comment.reaction_count = sum(comment.reactions.values())
    locked.reaction_seq += 1
    locked.save(update_fields=["reaction_seq"])
    comment.reaction_seq = locked.reaction_seq
    comment.save(update_fields=["reactions", "reaction_count", "reaction_seq"])
