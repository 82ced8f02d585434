"""Reads what has changed in a thread since somebody was there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When

from comments.models import Comment, Thread
from comments.queries.history import REPLAY_MOST

SINCE_MOST = 200  # comments that are named
NEW, EDITED, REMOVED = "new", "edited", "removed"


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A comment that changed. kind: new, edited, removed. reply: whether it is new and answers the asker."""

    id: str
    root: str | None
    kind: str
    reply: bool


class Since(msgspec.Struct, frozen=True, kw_only=True):
    """What others changed in (from_seq, seq]; from_seq is None where nobody knows since when.

    replies: those of the new ones that answer the asker. changes: the latest first.
    """

    epoch: str
    from_seq: int | None = msgspec.field(name="from")
    seq: int
    new: int = 0
    replies: int = 0
    edited: int = 0
    removed: int = 0
    changes: Sequence[Changed] = ()


def since(thread: Thread, after: int | None, author_key: str | None) -> Since:
    """What others than the author changed after a number of the present epoch; in two queries.

    thread: read just now. after: None where the asker was never here. Of more than REPLAY_MOST changes the
    latest are looked at, which `from_seq` says. Each comment counts once, by what became of it: one that came
    and went again does not count at all, and neither does one whose number moved for another reason, as that
    of a tombstone which stands again.
    """
    head = thread.head_seq
    if after is None:
        return Since(epoch=thread.epoch, from_seq=None, seq=head)
    after = max(min(after, head), head - REPLAY_MOST)
    changed = _changed(thread, after, author_key)
    found = list(changed.order_by("-seq").values_list("pk", "root_id", "kind", "answers")[:SINCE_MOST])
    changes = [
        Changed(id=str(pk), root=root and str(root), kind=kind, reply=kind == NEW and answers)
        for pk, root, kind, answers in found
    ]
    return Since(epoch=thread.epoch, from_seq=after, seq=head, changes=changes, **_counts(changed))


def _changed(thread: Thread, after: int, author_key: str | None) -> QuerySet[Any]:
    is_visible, is_new = Q(status=Comment.Status.VISIBLE), Q(first_seq__gt=after)
    kind = Case(
        When(is_visible & is_new, then=Value(NEW)),
        When(is_visible & Q(edited_seq__gt=after), then=Value(EDITED)),
        When(~is_visible & ~is_new & Q(removed_seq__gt=after), then=Value(REMOVED)),
        output_field=CharField(),
    )
    answers = Case(When(parent__author_key=author_key or "", then=Value(True)), default=Value(False))
    changes = Comment.objects.filter(thread=thread, seq__gt=after, seq__lte=thread.head_seq)
    others = changes.exclude(author_key=author_key or "")
    return others.annotate(kind=kind, answers=answers).filter(kind__isnull=False)


def _counts(changed: QuerySet[Any]) -> dict[str, int]:
    return changed.aggregate(
        new=Count("pk", filter=Q(kind=NEW)),
        replies=Count("pk", filter=Q(kind=NEW, answers=True)),
        edited=Count("pk", filter=Q(kind=EDITED)),
        removed=Count("pk", filter=Q(kind=REMOVED)),
    )
