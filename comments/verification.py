"""Says whether a page shows what the database holds. Pages ask now and then, and heal where they differ."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from django.core.cache import cache

from comments.errors import CommentError
from comments.ids import read_id
from comments.models import Comment, Thread
from comments.shown import Shown

logger = logging.getLogger(__name__)

MOST = 500  # comments in one digest; a page keeps fewer
CACHED = 60  # s


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
        where = f"{shown.first} to {shown.last} of root {shown.root} at {shown.seq}"
        logger.warning("a page of thread %s differed: %s (%d so far)", thread.pk, where, self.found)


differences = Differences()


def verify(*, thread: Thread, shown: Shown) -> bool | None:
    """Whether the page shows what the database holds; None where that can't be said of this `seq` any more.

    thread: read just now. The answer to the same question is shared for a minute by all pages that ask it.
    Raises CommentError 400 bad_field for ids that are none, or ends too far apart.
    """
    if shown.epoch != thread.epoch or shown.seq > thread.head_seq:
        differences.count(thread, shown)
        return False
    held = _held(thread, shown)
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


def _held(thread: Thread, shown: Shown) -> _Held:
    root, first, last = _id(shown.root), _id(shown.first), _id(shown.last)
    key = f"verify:{thread.epoch}:{thread.head_seq}:{root}:{first}:{last}"
    held: _Held | None = cache.get(key)
    if held is None:
        held = _read(thread, root, first, last)
        cache.set(key, held, CACHED)
    return held


def _id(text: str | None) -> int | None:
    if text is None:
        return None
    if (pk := read_id(text)) is None:
        raise CommentError(400, "bad_field", "root, first and last must be ids of comments.")
    return pk


def _read(thread: Thread, root: int | None, first: int | None, last: int | None) -> _Held:
    there = Comment.objects.filter(thread=thread, root=root)
    if first is not None:
        there = there.filter(id__gte=first)
    if last is not None:
        there = there.filter(id__lte=last)
    rows = list(there.order_by("id").values_list("id", "version", "status", "seq")[: MOST + 1])
    if len(rows) > MOST:
        raise CommentError(400, "bad_field", f"A digest is of at most {MOST} comments.")
    visible = [(pk, version) for pk, version, status, _ in rows if status == Comment.Status.VISIBLE]
    return _Held(digest_of(visible), max((seq for *_, seq in rows), default=0))
