"""Says whether a page shows what the database holds. Pages ask now and then, and heal where they differ."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from zlib import crc32

from django.db.models import Q

from comments import wire
from comments.errors import CommentError
from comments.ids import read_id
from comments.models import Comment, Thread
from comments.shown import Shown, ShownWindow

logger = logging.getLogger(__name__)

MOST = 500  # visible comments in one digest; a page keeps fewer
MOST_ROWS = 5000  # with those between them that were removed
REMEMBERED = 256  # answers, in each process: strangers' questions push nothing else out of a cache


@dataclass(frozen=True)
class _Held:
    """What the database holds there. seq: of the last change to any of it."""

    digest: str
    seq: int


class Differences:
    """How many pages differed from the database, since this process began."""

    def __init__(self) -> None:
        self.found = 0

    def count(self, thread: Thread, shown: Shown) -> None:
        """Count one, and leave what a search for its cause needs in the log."""
        self.found += 1
        if self.found & (self.found - 1) == 0:  # the 1st, 2nd, 4th, 8th …: anybody may ask, and falsely
            asked = wire.encode(shown).decode()[:1000]
            logger.warning("a page of thread %s differed (%d so far): %s", thread.pk, self.found, asked)


differences = Differences()


def verify(*, thread: Thread, shown: Shown) -> bool | None:
    """Whether the page shows what the database holds; None where that can't be said of this `seq` any more.

    thread: read just now. The answer to the same question is shared by all pages that ask this process.
    Raises CommentError 400 bad_field for ids that are none, or too many comments.
    """
    if shown.epoch != thread.epoch or shown.seq > thread.head_seq:
        return False  # a backup was restored since
    held = _held(thread.pk, thread.epoch, thread.head_seq, tuple(shown.windows))
    if held.seq > shown.seq:
        return None  # the page will learn of that change by itself
    if held.digest == shown.digest:
        return True
    differences.count(thread, shown)
    return False


def digest_of(comments: Iterable[tuple[int | str, int]]) -> str:
    """The CRC-32 of `id:version;` for each comment, in the order of their ids, as eight hexadecimal digits.

    thread/digest.js makes the same. A difference goes unnoticed once in four thousand million times.
    """
    text = "".join(f"{pk}:{version};" for pk, version in comments)
    return f"{crc32(text.encode('ascii')):08x}"


@lru_cache(REMEMBERED)
def _held(thread_id: int, epoch: str, head: int, windows: tuple[ShownWindow, ...]) -> _Held:
    """What the database holds in these windows. epoch, head: after each change the question is another."""
    there = Comment.objects.filter(reduce(or_, map(_within, windows)), thread_id=thread_id)
    rows = list(there.order_by("id").values_list("id", "version", "status", "seq")[: MOST_ROWS + 1])
    visible = [(pk, version) for pk, version, status, _ in rows if status == Comment.Status.VISIBLE]
    if len(rows) > MOST_ROWS or len(visible) > MOST:
        raise CommentError(400, "bad_field", f"A digest is of at most {MOST} comments.")
    return _Held(digest_of(visible), max((seq for *_, seq in rows), default=0))


def _within(window: ShownWindow) -> Q:
    within = Q(root=_id(window.root))
    if window.first is not None:
        within &= Q(id__gte=_id(window.first))
    if window.last is not None:
        within &= Q(id__lte=_id(window.last))
    return within


def _id(text: str | None) -> int | None:
    if text is None:
        return None
    if (pk := read_id(text)) is None:
        raise CommentError(400, "bad_field", "root, first and last must be ids of comments.")
    return pk
