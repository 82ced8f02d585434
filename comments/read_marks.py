"""The service for read marks: the only writer of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from comments.errors import CommentError
from comments.models import ReadMark, Thread
from comments.rates import READS_PER_ADDRESS, READS_PER_AUTHOR, check_rates

if TYPE_CHECKING:
    from comments.authors import Author


def mark_read(
    *, author: Author | None, thread: Thread, seq: int, epoch: str | None = None, address: str | None = None
) -> int:
    """Keep up to which change the author was told of the thread; returns where their mark is now.

    A mark only moves forward, and not beyond the thread. A number of another epoch says nothing and moves
    nothing; without an epoch, the number is of the present one. thread: read just now. address: the peer's,
    for its rate limit.
    Raises CommentError: 400 bad_field, 401 login_required, 429 rate_limited.
    """
    if author is None:
        raise CommentError(401, "login_required", "Log in to have your place kept.")
    if seq < 0:
        raise CommentError(400, "bad_field", "seq must not be negative.")
    check_rates("read", author.key, READS_PER_AUTHOR, address, READS_PER_ADDRESS)
    if epoch is None or epoch == thread.epoch:
        _move(author.key, thread, min(seq, thread.head_seq))
    return mark_of(author, thread) or 0


def mark_of(author: Author, thread: Thread) -> int | None:
    """The number of the author's mark; None where there is none in this epoch."""
    marks = ReadMark.objects.filter(thread=thread, author_key=author.key, epoch=thread.epoch)
    return marks.values_list("seq", flat=True).first()


def _move(author_key: str, thread: Thread, seq: int) -> None:
    now = {"epoch": thread.epoch, "seq": seq}
    mark, is_new = ReadMark.objects.get_or_create(thread=thread, author_key=author_key, defaults=now)
    if not is_new:
        is_behind = ~Q(epoch=thread.epoch) | Q(seq__lt=seq)
        ReadMark.objects.filter(is_behind, pk=mark.pk).update(**now)
