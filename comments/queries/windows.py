"""Reads windows: contiguous parts of a list, with cursors for what stands on both sides."""

from __future__ import annotations

from dataclasses import dataclass

from comments.models import Comment, CommentQuerySet
from comments.queries.cursors import End, Order, Place


@dataclass(frozen=True)
class Window:
    """Comments in the list's order. previous and next: cursors, or None where nothing stands on that side."""

    rows: list[Comment]
    previous: str | None
    next: str | None


def window_of(order: Order, rows: list[Comment], has_later: bool, *, has_earlier: bool = False) -> Window:
    """A window of these rows."""
    return Window(
        rows,
        previous=order.cursor(rows[0], backwards=True) if rows and has_earlier else None,
        next=order.cursor(rows[-1]) if rows and has_later else None,
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
    return window_of(order, found, _has_other_side(rows, order, place, found), has_earlier=has_more)


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
    return window_of(order, earlier + found, has_more, has_earlier=has_earlier)


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
