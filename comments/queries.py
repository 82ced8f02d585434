"""Reads threads and comments: the snapshot, the history, the heads. Every query here is bounded."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import Model, Q

from comments import wire
from comments.errors import CommentError
from comments.models import Comment, CommentQuerySet, Thread
from comments.readers import count_readers
from comments.subjects import Subject, get_target, public_keys

SNAPSHOT_LIMIT = 50
SNAPSHOT_MOST = 200
HISTORY_LIMIT = 200
HISTORY_MOST = 500
REPLAY_MOST = 5000  # changes; a page that missed more starts again from a snapshot
HISTORY_CACHED = 60  # s
LARGEST_CACHED = 200_000  # bytes; some 200 comments of ordinary length
LARGEST_SEQ = 2**63 - 1


def get_thread(target: Model) -> Thread:
    """The thread of an object; it is made when it is asked for the first time."""
    content_type = ContentType.objects.get_for_model(target)
    thread, _ = Thread.objects.get_or_create(content_type=content_type, object_key=str(target.pk))
    return thread.know(target)


def get_thread_at(kind: str, key: str) -> Thread:
    """The thread of the public object at an address, in two queries where it exists.

    kind: the word in the address, which may be the collection instead. Raises CommentError 404 not_found.
    """
    _, target = get_target(kind, key)
    return get_thread(target)


@dataclass(frozen=True)
class Numbers:
    """The numbers of an object for lists: its visible comments, and its readers of a few seconds ago."""

    comments: int = 0
    readers: int = 0


def numbers_of(targets: Sequence[Model]) -> dict[Any, Numbers]:
    """The numbers of objects of one model, by primary key, in one query and one look into the cache."""
    keys = {str(target.pk): target.pk for target in targets}
    numbers: dict[Any, Numbers] = {pk: Numbers() for pk in keys.values()}
    if targets:
        content_type = ContentType.objects.get_for_model(targets[0])
        rows = Thread.objects.filter(content_type=content_type, object_key__in=keys)
        found = list(rows.values_list("object_key", "pk", "count"))
        readers = count_readers(pk for _, pk, _ in found)
        numbers |= {keys[key]: Numbers(count, readers[pk]) for key, pk, count in found}
    return numbers


@dataclass(frozen=True)
class Head:
    """The head of a thread: its epoch, the number of its last change, and whether it is open."""

    epoch: str
    seq: int
    policy: str


@dataclass(frozen=True)
class Heads:
    """The heads of threads whose objects are public, by thread id.

    unknown: the ids of threads whose subject could not say now which of its objects are public.
    """

    public: dict[int, Head] = field(default_factory=dict)
    unknown: set[int] = field(default_factory=set)


def get_heads(thread_ids: Iterable[int]) -> Heads:
    """The heads of these threads; in one query, and one per kind.

    Raises what the database raises when it is out of reach.
    """
    by_subject: dict[Subject | None, list[Thread]] = {}
    for thread in Thread.objects.filter(pk__in=list(thread_ids)):
        by_subject.setdefault(thread.subject, []).append(thread)
    heads = Heads()
    for subject, some in by_subject.items():
        public = public_keys(subject, [thread.object_key for thread in some]) if subject else set()
        for thread in some:
            if public is None:
                heads.unknown.add(thread.pk)
            elif thread.object_key in public:
                heads.public[thread.pk] = Head(thread.epoch, thread.head_seq, thread.policy)
    return heads


@dataclass(frozen=True)
class Sort:
    """An order of comments: the column it begins with, ties broken by id, and its direction."""

    column: str
    descending: bool

    @property
    def ordering(self) -> list[str]:
        sign = "-" if self.descending else ""
        return list(dict.fromkeys([f"{sign}{self.column}", f"{sign}id"]))

    def after(self, end: tuple[int, int]) -> Q:
        """A condition for the comments behind a page that ends at this value and id."""
        value, pk = end
        than = "lt" if self.descending else "gt"
        if self.column == "id":
            return Q(**{f"id__{than}": pk})
        return Q(**{f"{self.column}__{than}": value}) | Q(**{self.column: value, f"id__{than}": pk})

    def end_at(self, comment: Comment) -> tuple[int, int]:
        """The end of a page whose last comment this is."""
        return getattr(comment, self.column), comment.pk


SORTS = {
    "newest": Sort("id", descending=True),
    "oldest": Sort("id", descending=False),
    "top": Sort("reply_count", descending=True),
}


def snapshot(
    thread: Thread, sort: str = "newest", cursor: str | None = None, limit: int = SNAPSHOT_LIMIT
) -> wire.Snapshot:
    """A page of the thread's comments. `limit` is capped at SNAPSHOT_MOST.

    thread: read from the database just now, so before the rows: a change in between has a larger seq.
    Raises CommentError 400 bad_field for an unknown sort, or a cursor that this sort never gave.
    """
    if sort not in SORTS:
        raise CommentError(400, "bad_field", f"sort must be one of {', '.join(SORTS)}.")
    limit = max(1, min(limit, SNAPSHOT_MOST))
    rows: CommentQuerySet = Comment.objects.filter(thread=thread).standing()
    if cursor:
        rows = rows.filter(SORTS[sort].after(_read_cursor(sort, cursor)))
    page = list(rows.order_by(*SORTS[sort].ordering)[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    return wire.Snapshot(
        epoch=thread.epoch,
        seq=thread.head_seq,
        count=thread.count,
        policy=thread.policy,
        next=_make_cursor(sort, SORTS[sort].end_at(page[-1])) if more else None,
        subject=wire.Subject(kind=thread.kind, key=thread.key, url=thread.url),
        results=[wire.as_comment(comment) for comment in page],
    )


def history(
    thread_id: int, after: int, *, epoch: str | None = None, limit: int = HISTORY_LIMIT
) -> wire.History:
    """The public changes after `after`, at most `limit` of them (capped at HISTORY_MOST).

    `reset` with no changes tells a client to start again from a snapshot: its epoch is not the thread's, or
    its number is ahead of the thread, or further behind than REPLAY_MOST.
    Raises Thread.DoesNotExist.
    """
    thread = Thread.objects.get(pk=thread_id)
    return _history(thread, after, epoch, max(1, min(limit, HISTORY_MOST)))


def history_json(
    thread: Thread, after: int, *, epoch: str | None = None, limit: int = HISTORY_LIMIT
) -> bytes:
    """`history` as JSON, from the cache where it holds the answer. thread: read just now.

    A thousand readers who lost the same server ask for the same changes. An answer holds only what was public
    at its head, and each change makes a new head, so the head is part of the key. Only answers that pages ask
    for are kept, and only small ones: strangers must not fill the cache.
    """
    limit = max(1, min(limit, HISTORY_MOST))
    if epoch is not None and epoch != thread.epoch:
        return wire.encode(_history(thread, after, epoch, limit))
    key = f"history:{thread.epoch}:{after}:{thread.head_seq}:{limit}"
    cacheable = limit == HISTORY_LIMIT
    answer: bytes | None = cache.get(key) if cacheable else None
    if answer is None:
        answer = wire.encode(_history(thread, after, epoch, limit))
        if cacheable and len(answer) <= LARGEST_CACHED:
            cache.set(key, answer, HISTORY_CACHED)
    return answer


def _history(thread: Thread, after: int, epoch: str | None, limit: int) -> wire.History:
    head = thread.head_seq
    if (epoch is not None and epoch != thread.epoch) or not 0 <= head - after <= REPLAY_MOST:
        return _history_of(thread, head, head, has_more=False, reset=True, changes=[])
    rows: list[Comment | Thread] = list(
        Comment.objects.filter(thread=thread, seq__gt=after, seq__lte=head).order_by("seq")[: limit + 1]
    )
    if after < thread.policy_seq <= head:
        rows = sorted([*rows, thread], key=_seq_of)
    has_more, rows = len(rows) > limit, rows[:limit]
    changes: list[wire.Change] = []
    prev = after
    for row in rows:
        changes.append(_as_change(row, prev))
        prev = changes[-1].seq
    return _history_of(
        thread, after, prev if has_more else head, has_more=has_more, reset=False, changes=changes
    )


def _history_of(thread: Thread, after: int, seq: int, **rest: Any) -> wire.History:
    return wire.History(
        epoch=thread.epoch, from_seq=after, seq=seq, head=thread.head_seq, count=thread.count, **rest
    )


def _seq_of(row: Comment | Thread) -> int:
    return row.policy_seq if isinstance(row, Thread) else row.seq


def _as_change(row: Comment | Thread, prev: int) -> wire.Change:
    if isinstance(row, Thread):
        return wire.ThreadChanged(policy=row.policy, count=row.count, seq=row.policy_seq, prev=prev)
    return wire.as_change(row, prev=prev)


def _make_cursor(sort: str, end: tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(f"{sort}:{end[0]}:{end[1]}".encode()).decode().rstrip("=")


def _read_cursor(sort: str, cursor: str) -> tuple[int, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        named, value, pk = text.split(":")
        end = int(value), int(pk)
    except (ValueError, binascii.Error) as error:
        raise CommentError(400, "bad_field", "This cursor is not one of ours.") from error
    if named != sort or not all(0 <= part <= LARGEST_SEQ for part in end):
        raise CommentError(400, "bad_field", "This cursor is not one of ours.")
    return end
