"""Reads the history of a thread: every public change after a number."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from comments import wire
from comments.models import Comment, CommentQuerySet, Thread
from comments.queries.kept import answers
from comments.queries.reactions import ChangedReactions, reactions_of
from comments.queries.texts import how_many_fit, lean, size_of, with_texts

HISTORY_LIMIT = 200
HISTORY_MOST = 500
HISTORY_BYTES = 128 * 1024  # of text in an answer, unless one comment alone has more
REPLAY_MOST = 5000  # changes; a page that missed more starts again from a snapshot


def history(
    thread_id: int, after: int, *, epoch: str | None = None, limit: int = HISTORY_LIMIT
) -> wire.History:
    """The public changes after `after`, at most `limit` of them (capped at HISTORY_MOST), and HISTORY_BYTES.

    `reset` with no changes tells a client to start again from a snapshot: its epoch is not the thread's, or
    its number is ahead of the thread, or further behind than REPLAY_MOST.
    Raises Thread.DoesNotExist.
    """
    thread = Thread.objects.get(pk=thread_id)
    return _history(thread, after, epoch, max(1, min(limit, HISTORY_MOST)))


def history_json(
    thread: Thread,
    after: int,
    *,
    epoch: str | None = None,
    limit: int = HISTORY_LIMIT,
    reactions_after: int | None = None,
) -> bytes:
    """`history` as JSON, kept for whoever asks the same. thread: read just now.

    reactions_after: the number after which the counts of reactions that changed are wanted, too.

    A thousand readers who lost the same server ask for the same changes. An answer holds only what was public
    at its head, and each change makes a new head, so the head is part of the key. So is the revision of what
    is commented on. Only answers that pages ask for are kept, and none of those that say to start again:
    that is said to any number that a stranger makes up.
    """
    limit = max(1, min(limit, HISTORY_MOST))
    if not _leads_on(thread, after, epoch, reactions_after):
        return _encoded(thread, _history(thread, after, epoch, limit, reactions_after))
    where = f"{after}:{thread.head_seq}:{limit}:{reactions_after}:{thread.reaction_seq}:{thread.revision}"
    key = f"{thread.epoch}:{where}"
    answer = answers.get(key) if limit == HISTORY_LIMIT else None
    if answer is None:
        answer = _encoded(thread, _history(thread, after, epoch, limit, reactions_after))
        if limit == HISTORY_LIMIT:
            answers.keep(key, answer)
    return answer


def _encoded(thread: Thread, found: wire.History) -> bytes:
    return wire.encode(structs.replace(found, subject=wire.as_subject(thread)))


def _history(
    thread: Thread, after: int, epoch: str | None, limit: int, reactions_after: int | None = None
) -> wire.History:
    head = thread.head_seq
    if not _leads_on(thread, after, epoch, reactions_after):
        return _history_of(thread, head, head, has_more=False, reset=True, changes=[])
    changed = Comment.objects.with_family().filter(thread=thread, seq__gt=after, seq__lte=head)
    rows: list[Comment | Thread] = list(lean(changed).order_by("seq")[: limit + 1])
    if after < thread.policy_seq <= head:
        rows = sorted([*rows, thread], key=_seq_of)
    fitting = min(limit, how_many_fit(map(_size_of, rows), HISTORY_BYTES))
    has_more, rows = len(rows) > fitting, rows[:fitting]
    counts = None if reactions_after is None else reactions_of(thread, reactions_after)
    return _history_of(
        thread,
        after,
        _seq_of(rows[-1]) if has_more else head,
        counts,
        has_more=has_more,
        reset=False,
        changes=_changes(rows, changed, after),
    )


def _changes(rows: list[Comment | Thread], changed: CommentQuerySet, prev: int) -> list[wire.Change]:
    """The changes that these rows are, each after the one before it."""
    comments = with_texts([row for row in rows if isinstance(row, Comment)], changed)
    found: dict[int, Comment | Thread] = {row.seq: row for row in comments}
    found |= {row.policy_seq: row for row in rows if isinstance(row, Thread)}
    changes: list[wire.Change] = []
    for seq in sorted(found):
        changes.append(_as_change(found[seq], prev))
        prev = seq
    return changes


def _leads_on(thread: Thread, after: int, epoch: str | None, reactions_after: int | None) -> bool:
    """Whether the history leads from these numbers to the present."""
    is_same_life = epoch is None or epoch == thread.epoch
    is_known = 0 <= thread.head_seq - after <= REPLAY_MOST
    return is_same_life and is_known and (reactions_after or 0) <= thread.reaction_seq


def _history_of(
    thread: Thread,
    after: int,
    seq: int,
    counts: ChangedReactions | None = None,
    *,
    has_more: bool,
    **rest: Any,
) -> wire.History:
    return wire.History(
        epoch=thread.epoch,
        from_seq=after,
        seq=seq,
        head=thread.head_seq,
        count=thread.count,
        reaction_seq=counts.seq if counts else thread.reaction_seq,
        reactions=counts.reactions if counts else [],
        has_more=has_more or (counts is not None and counts.has_more),
        **rest,
    )


def _seq_of(row: Comment | Thread) -> int:
    return row.policy_seq if isinstance(row, Thread) else row.seq


def _size_of(row: Comment | Thread) -> int:
    return 0 if isinstance(row, Thread) else size_of(row)


def _as_change(row: Comment | Thread, prev: int) -> wire.Change:
    if isinstance(row, Thread):
        return wire.ThreadChanged(policy=row.policy, count=row.count, seq=row.policy_seq, prev=prev)
    return wire.as_change(row, prev=prev)
