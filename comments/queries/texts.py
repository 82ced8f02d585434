"""Reads comments without large texts first, so that a page of them is bounded in bytes as well as in rows.

A thousand comments of the greatest length are 45 MB. So rows are read `lean`, with their sizes and with small
texts only; what fits into the page is chosen; and the large texts of what was chosen are read `with_texts`.
Where nobody wrote at length that is one query.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from django.db.models import Case, F, Func, IntegerField, Q, When

from comments.models import Comment, CommentQuerySet

PAGE_BYTES = 256 * 1024  # of text, source and HTML, in a page of comments
SMALL = 4 * 1024  # bytes of text that a row brings along
TEXTS = ("content", "html")


class Bytes(Func):
    """The bytes of a text."""

    function = "OCTET_LENGTH"
    arity = 1
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # SQLite has this function since 3.43 only.
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))", **context)


def lean(rows: CommentQuerySet) -> CommentQuerySet:
    """These rows with the size of the texts that readers see, and with those texts where they are small."""
    is_visible = Q(status=Comment.Status.VISIBLE)
    sizes = Case(When(is_visible, then=Bytes("content") + Bytes("html")), default=0)
    measured = rows.defer(*TEXTS).annotate(size=sizes)
    is_small = is_visible & Q(size__lte=SMALL)
    return measured.annotate(**{f"small_{text}": Case(When(is_small, then=F(text))) for text in TEXTS})


def size_of(row: Comment) -> int:
    """Bytes of the texts that readers see of a row that was read lean; 0 of a removed one."""
    size: int = vars(row)["size"]
    return size


def how_many_fit(sizes: Iterable[int], most: int) -> int:
    """How many of these, from the first on, are at most so many bytes together; at least one."""
    return max(1, sum(total <= most for total in accumulate(sizes)))


def with_texts(kept: Sequence[Comment], rows: CommentQuerySet) -> list[Comment]:
    """These rows with their texts; in a query where any is large, or none.

    rows: among which they were found. A row that is not among them any more, because it was changed since, is
    left out: whoever follows the thread's changes is told of that change.
    """
    large = [row.pk for row in kept if size_of(row) > SMALL]
    found = rows.in_bulk(large) if large else {}
    for row in kept:
        if row.pk not in large:
            found[row.pk] = row
            for text in TEXTS:
                setattr(row, text, vars(row)[f"small_{text}"] or "")
    return [found[row.pk] for row in kept if row.pk in found]
