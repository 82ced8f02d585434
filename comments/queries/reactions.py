"""Reads reactions: the counts that have changed, and which reactions are somebody's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from comments import wire
from comments.models import Comment, Reaction, Thread

REACTIONS_MOST = 500  # comments in one answer


@dataclass(frozen=True)
class ChangedReactions:
    """The counts of visible comments that changed, oldest change first, up to the number `seq`.

    has_more: there are later ones.
    """

    epoch: str
    seq: int
    has_more: bool
    reactions: list[wire.Reactions]


def changed_reactions(thread_id: int, after: int, limit: int = REACTIONS_MOST) -> ChangedReactions:
    """The counts that changed after a number, of at most `limit` comments. Raises Thread.DoesNotExist."""
    return reactions_of(Thread.objects.get(pk=thread_id), after, limit)


def reactions_of(thread: Thread, after: int, limit: int = REACTIONS_MOST) -> ChangedReactions:
    """The same of a thread that was read just now, so before the rows."""
    head = thread.reaction_seq
    if after >= head:
        return ChangedReactions(thread.epoch, head, False, [])
    rows = Comment.objects.filter(thread=thread, reaction_seq__gt=after).order_by("reaction_seq")
    found = list(rows.values_list("pk", "status", "reactions", "reaction_seq")[: limit + 1])
    has_more, found = len(found) > limit, found[:limit]
    changed = [
        wire.Reactions(id=str(pk), counts=counts, reaction_seq=seq)
        for pk, status, counts, seq in found
        if status == wire.VISIBLE
    ]
    return ChangedReactions(thread.epoch, found[-1][3] if has_more else head, has_more, changed)


def own_reactions(author_key: str, comment_ids: Iterable[str]) -> dict[str, list[str]]:
    """The kinds of this person's reactions by comment id, of those comments that have any; in one query."""
    own: dict[str, list[str]] = {}
    rows = Reaction.objects.filter(author_key=author_key, comment__in=list(comment_ids)).order_by("pk")
    for pk, emoji in rows.values_list("comment_id", "emoji"):
        own.setdefault(str(pk), []).append(emoji)
    return own
