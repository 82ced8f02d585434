"""Reading threads and comments: the snapshot, the history, the heads. Every query here is bounded."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Q

from blog.models import Article
from comments import wire
from comments.errors import CommentError
from comments.models import Comment, CommentQuerySet, Thread

SNAPSHOT_LIMIT = 50
SNAPSHOT_MOST = 200
HISTORY_LIMIT = 200
HISTORY_MOST = 500
REPLAY_MOST = 5000  # changes; a page that missed more starts again from a snapshot
HISTORY_CACHED = 60  # s
LARGEST_CACHED = 200_000  # bytes; some 200 comments of ordinary length
LARGEST_SEQ = 2**63 - 1


def get_article(slug: str) -> Article:
    """The published article of this slug, without its texts. Raises CommentError 404 not_found."""
    article = Article.objects.published().filter(slug=slug).defer("body", "body_html").first()
    if article is None:
        raise CommentError(404, "not_found", "There is no such article.")
    return article


def get_thread(article: Article) -> Thread:
    """The article's thread, made the first time that somebody asks for it."""
    thread = Thread.objects.filter(article_id=article.pk).first()
    return thread or Thread.objects.get_or_create(article=article)[0]


def get_thread_of(slug: str) -> Thread:
    """The thread of a published article, with the article but for its texts; one query where it exists.

    Raises CommentError 404 not_found.
    """
    published = Article.objects.published().filter(slug=slug)
    threads = Thread.objects.filter(article__in=published).select_related("article")
    thread = threads.defer("article__body", "article__body_html").first()
    return thread or get_thread(get_article(slug))


def comment_counts(articles: Iterable[Article]) -> dict[int, int]:
    """The number of visible comments by article id, in one query."""
    ids = [article.pk for article in articles]
    counts = dict(Thread.objects.filter(article_id__in=ids).values_list("article_id", "count"))
    return {article_id: counts.get(article_id, 0) for article_id in ids}


@dataclass(frozen=True)
class Head:
    """Where a thread stands: its numbering, its last change, and whether it is open."""

    epoch: str
    seq: int
    policy: str


def get_heads(article_ids: Iterable[int]) -> dict[int, Head]:
    """The heads by article id, of those that are published, in one query."""
    published = Article.objects.published().filter(pk__in=list(article_ids))
    rows = Thread.objects.filter(article__in=published).values_list(
        "article_id", "epoch", "head_seq", "policy"
    )
    return {article_id: Head(epoch, seq, policy) for article_id, epoch, seq, policy in rows}


@dataclass(frozen=True)
class Sort:
    """An order of comments: the column it begins with, ties broken by id, and its direction."""

    column: str
    descending: bool

    @property
    def ordering(self) -> list[str]:
        sign = "-" if self.descending else ""
        return list(dict.fromkeys([f"{sign}{self.column}", f"{sign}id"]))

    def after(self, place: tuple[int, int]) -> Q:
        """What comes behind this place in the order."""
        value, pk = place
        than = "lt" if self.descending else "gt"
        if self.column == "id":
            return Q(**{f"id__{than}": pk})
        return Q(**{f"{self.column}__{than}": value}) | Q(**{self.column: value, f"id__{than}": pk})

    def place_of(self, comment: Comment) -> tuple[int, int]:
        return getattr(comment, self.column), comment.pk


SORTS = {
    "newest": Sort("id", descending=True),
    "oldest": Sort("id", descending=False),
    "top": Sort("reply_count", descending=True),
}


def snapshot(
    thread: Thread, sort: str = "newest", cursor: str | None = None, limit: int = SNAPSHOT_LIMIT
) -> wire.Snapshot:
    """A page of the comments of a thread that was read just now. `limit` is capped at SNAPSHOT_MOST.

    The thread was read before the rows are: what comes later has a larger seq.
    Raises CommentError 400 bad_field for an unknown sort or a cursor that this sort never gave.
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
        next=_make_cursor(sort, SORTS[sort].place_of(page[-1])) if more else None,
        results=[wire.as_comment(comment) for comment in page],
    )


def history(
    article_id: int, after: int, *, epoch: str | None = None, limit: int = HISTORY_LIMIT
) -> wire.History:
    """The public changes after `after`, at most `limit` of them (capped at HISTORY_MOST).

    `reset` with no changes tells the reader to start again from a snapshot: its epoch is not the thread's,
    it is ahead of the thread, or further behind than REPLAY_MOST.
    Raises Thread.DoesNotExist.
    """
    thread = Thread.objects.get(article_id=article_id)
    return _history(thread, after, epoch, max(1, min(limit, HISTORY_MOST)))


def history_json(
    thread: Thread, after: int, *, epoch: str | None = None, limit: int = HISTORY_LIMIT
) -> bytes:
    """`history` as JSON for a thread that was read just now, from the cache where it is there.

    A thousand readers who lost the same server ask for the same changes; the answer for one head of one
    epoch never gains or shows more than was public at that head, so a change makes a new key. Only what pages
    ask is kept, and only while it is small: strangers must not fill the cache.
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


def _make_cursor(sort: str, place: tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(f"{sort}:{place[0]}:{place[1]}".encode()).decode().rstrip("=")


def _read_cursor(sort: str, cursor: str) -> tuple[int, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        named, value, pk = text.split(":")
        place = int(value), int(pk)
    except (ValueError, binascii.Error) as error:
        raise CommentError(400, "bad_field", "This cursor is not one of ours.") from error
    if named != sort or not all(0 <= part <= LARGEST_SEQ for part in place):
        raise CommentError(400, "bad_field", "This cursor is not one of ours.")
    return place
