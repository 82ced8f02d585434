"""Reads windows: contiguous parts of a list, with cursors for what stands on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from comments.models import Comment, CommentQuerySet
from comments.queries.cursors import End, Order, Place


@dataclass(frozen=True)
class Window:
    """Comments in the list's order. previous and next: cursors, or None where nothing stands on that side.

    at: which of them the window was asked for: the first behind the cursor, or the one at the place.
    """

    rows: list[Comment]
    previous: str | None
    next: str | None
    at: int = 0


def window_of(
    order: Order, rows: list[Comment], has_later: bool, *, has_earlier: bool = False, at: int = 0
) -> Window:
    """A window of these rows."""
    return Window(
        rows,
        previous=order.cursor(rows[0], backwards=True) if rows and has_earlier else None,
        next=order.cursor(rows[-1]) if rows and has_later else None,
        at=max(0, min(at, len(rows) - 1)),
    )


def narrowed(order: Order, window: Window, sizes: Sequence[int], most: int) -> Window:
    """The part of a window that is at most so many bytes: what is nearest to what it was asked for.

    sizes: of its rows. What it was asked for and its neighbours are there whatever they have, so that whoever
    reads on from an end always comes further.
    """
    if sum(sizes) <= most:
        return window
    nearest = sorted(range(len(sizes)), key=lambda n: abs(n - window.at))
    totals = accumulate(sizes[n] for n in nearest)
    kept = [n for n, size in zip(nearest, totals, strict=True) if size <= most or abs(n - window.at) <= 1]
    first, last = min(kept), max(kept)
    rows = window.rows[first : last + 1]
    return Window(
        rows,
        previous=order.cursor(rows[0], backwards=True) if first else window.previous,
        next=order.cursor(rows[-1]) if last + 1 < len(sizes) else window.next,
        at=window.at - first,
    )


def window_at(rows: CommentQuerySet, order: Order, cursor: str | None, limit: int) -> Window:
    """The window of at most `limit` comments that a cursor leads to; the first one without a cursor.

    Two queries, or one without a cursor. Raises CommentError 400 bad_field for a cursor of another list.
    """
    place = order.read(cursor) if cursor else None
    if place is None:
        return window_of(order, *_cut(list(rows.order_by(*order.by())[: limit + 1]), limit))
    found, has_more = _cut(_from(rows, order, place, limit), limit)
    if not place.backwards:
        return window_of(order, found, has_more, has_earlier=_has_other_side(rows, order, place, found))
    found.reverse()
    has_later = _has_other_side(rows, order, place, found)
    return window_of(order, found, has_later, has_earlier=has_more, at=len(found) - 1)


def window_around(
    rows: CommentQuerySet, order: Order, end: End, limit: int, *, near: int, before: int
) -> Window:
    """The window that holds the place `end`, whether or not a comment stands there; in two queries.

    near: where at most so many stand before it, the window begins with the list. before: else it begins so
    many before the place. Both are smaller than `limit`.
    """
    earlier = _from(rows, order, Place(end, backwards=True), near)
    has_earlier = len(earlier) > near
    earlier = (earlier[:before] if has_earlier else earlier)[::-1]
    rest = rows.filter(order.beyond(end, inclusive=True)).order_by(*order.by())
    found, has_more = _cut(list(rest[: limit - len(earlier) + 1]), limit - len(earlier))
    return window_of(order, earlier + found, has_more, has_earlier=has_earlier, at=len(earlier))


def _from(rows: CommentQuerySet, order: Order, place: Place, limit: int) -> list[Comment]:
    """One more than `limit` of the comments from a place on, the nearest first."""
    beyond = rows.filter(order.beyond(place.end, backwards=place.backwards))
    return list(beyond.order_by(*order.by(backwards=place.backwards))[: limit + 1])


def _cut(found: list[Comment], limit: int) -> tuple[list[Comment], bool]:
    return found[:limit], len(found) > limit


def _has_other_side(rows: CommentQuerySet, order: Order, place: Place, found: list[Comment]) -> bool:
    """Whether anything stands on the side that the cursor came from."""
    return (
        bool(found)
        and rows.filter(order.beyond(place.end, backwards=not place.backwards, inclusive=True)).exists()
    )
