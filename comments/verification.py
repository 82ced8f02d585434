"""Says whether a page shows what the database holds. Pages ask now and then, and heal where they differ."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from zlib import crc32

from django.db.models import Q

from comments import wire
from comments.conf import verify_rate
from comments.errors import CommentError
from comments.ids import read_id
from comments.models import Comment, Thread
from comments.rates import Rate, check_address
from comments.shown import Shown, ShownWindow

logger = logging.getLogger(__name__)

MOST = 500  # visible comments in one digest; a page keeps fewer
MOST_ROWS = 5000  # with those between them that were removed
BURST = 10  # s: so long an address may have asked nothing and ask all of it at once
REMEMBERED = 256  # answers, in each process: strangers' questions push nothing else out of a cache


@dataclass(frozen=True)
class _Held:
    """What the database holds there. seq, reaction_seq: of the last changes to any of it."""

    digest: str
    seq: int
    reactions: str
    reaction_seq: int


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


def verify(*, thread: Thread, shown: Shown, address: str | None = None) -> bool | None:
    """Whether the page shows what the database holds; None where that can't be said.

    It can't be said of a `seq` after which something has changed there, and of nothing to an address that has
    asked too much: the page is as right as before, and asks again later. thread: read just now. The answer to
    the same question is shared by all pages that ask this process. address: the peer's, for its rate limit.
    Raises CommentError 400 bad_field for ids that are none, or too many comments.
    """
    if shown.epoch != thread.epoch or shown.seq > thread.head_seq:
        return False  # a backup was restored since
    if _asks_too_much(address):
        return None
    numbers = (thread.epoch, thread.head_seq, thread.reaction_seq)
    same = _compare(_held(thread.pk, numbers, tuple(shown.windows)), shown)
    if same is False:
        differences.count(thread, shown)
    return same


def _asks_too_much(address: str | None) -> bool:
    if address is None:
        return False
    if not (rate := verify_rate()):
        return True
    try:
        check_address("verify-from", address, Rate(capacity=max(1, BURST * rate), per_second=rate))
    except CommentError:
        return True
    return False


def _compare(held: _Held, shown: Shown) -> bool | None:
    """The comments first: which reactions are compared depends on them."""
    if held.seq > shown.seq:
        return None  # the page will learn of that change by itself
    if held.digest != shown.digest:
        return False
    if shown.reactions is None:
        return True
    return None if held.reaction_seq > shown.reactions.seq else held.reactions == shown.reactions.digest


def digest_of(comments: Iterable[tuple[int | str, int]]) -> str:
    """The CRC-32 of `id:version;` for each comment, in the order of their ids, as eight hexadecimal digits.

    thread/digest.js makes the same. A difference goes unnoticed once in four thousand million times.
    """
    return _crc32("".join(f"{pk}:{version};" for pk, version in comments))


def reactions_digest_of(comments: Iterable[tuple[int | str, Mapping[str, int]]]) -> str:
    """The CRC-32 of `id:emoji count,…;` for each comment with reactions, in the order of their ids.

    The text is in UTF-8, and the counts of a comment are in the order of their UTF-16 code units, which is
    that of JavaScript. thread/digest.js makes the same.
    """
    return _crc32("".join(f"{pk}:{_counts_of(counts)};" for pk, counts in comments if counts))


def _counts_of(counts: Mapping[str, int]) -> str:
    texts = (f"{emoji} {count}" for emoji, count in counts.items())
    return ",".join(sorted(texts, key=lambda text: text.encode("utf-16-be")))


def _crc32(text: str) -> str:
    return f"{crc32(text.encode()):08x}"


@lru_cache(REMEMBERED)
def _held(thread_id: int, numbers: tuple[str, int, int], windows: tuple[ShownWindow, ...]) -> _Held:
    """What the database holds in these windows. numbers: after each change the question is another."""
    there = Comment.objects.filter(reduce(or_, map(_within, windows)), thread_id=thread_id)
    fields = ("id", "version", "reactions", "status", "seq", "reaction_seq")
    rows = list(there.order_by("id").values_list(*fields)[: MOST_ROWS + 1])
    visible = [row for row in rows if row[3] == Comment.Status.VISIBLE]
    if len(rows) > MOST_ROWS or len(visible) > MOST:
        raise CommentError(400, "bad_field", f"A digest is of at most {MOST} comments.")
    return _Held(
        digest=digest_of((pk, version) for pk, version, *_ in visible),
        seq=max((row[4] for row in rows), default=0),
        reactions=reactions_digest_of((pk, counts) for pk, _, counts, *_ in visible),
        reaction_seq=max((row[5] for row in visible), default=0),
    )


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
