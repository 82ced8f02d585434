"""Reads reactions: the counts that have changed, and which reactions are somebody's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec import structs

from comments import pages, wire
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


def mark_own(page: pages.Snapshot, author_key: str | None) -> pages.Snapshot:
    """The page with this person's own reactions; in one query where there are any reactions at all."""
    if author_key is None:
        return page
    comments = [comment for root in page.results for comment in (root, *root.replies.results)]
    own = _own_among(comments, author_key)
    roots = [
        structs.replace(
            root,
            reacted=own.get(root.id, []),
            replies=structs.replace(root.replies, results=_marked(root.replies.results, own)),
        )
        for root in page.results
    ]
    return structs.replace(page, results=roots)


def mark_own_replies(part: pages.Conversation, author_key: str | None) -> pages.Conversation:
    """The same of a part of a conversation."""
    if author_key is None:
        return part
    return structs.replace(part, results=_marked(part.results, _own_among(part.results, author_key)))


def _own_among(comments: Sequence[wire.Comment], author_key: str) -> dict[str, list[str]]:
    ids = [comment.id for comment in comments if comment.reactions]
    return own_reactions(author_key, ids) if ids else {}


def _marked(comments: Sequence[wire.Comment], own: dict[str, list[str]]) -> list[wire.Comment]:
    return [structs.replace(comment, reacted=own.get(comment.id, [])) for comment in comments]


def own_reactions(author_key: str, comment_ids: Iterable[str]) -> dict[str, list[str]]:
    """The kinds of this person's reactions by comment id, of those comments that have any; in one query."""
    own: dict[str, list[str]] = {}
    rows = Reaction.objects.filter(author_key=author_key, comment__in=list(comment_ids)).order_by("pk")
    for pk, emoji in rows.values_list("comment_id", "emoji"):
        own.setdefault(str(pk), []).append(emoji)
    return own
