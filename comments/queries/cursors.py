"""Where a page of a list ends: the orders of lists, and the cursors that clients get and give back.

A cursor names the order, the direction, and the values of the comment at which the page ends, so a page
begins right behind it although comments came, went or moved since.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from comments.errors import CommentError
from comments.models import Comment

LARGEST_NUMBER = 2**63 - 1  # that a column holds
LONGEST_CURSOR = 200  # characters

End = tuple[int, ...]  # the values of a comment in the columns of an order


@dataclass(frozen=True)
class Order:
    """An order of comments: its columns, of which the last is the id, and whether it goes down."""

    name: str
    columns: tuple[str, ...]
    descending: bool

    def by(self, *, backwards: bool = False) -> list[str]:
        """For `order_by`."""
        sign = "-" if self.descending != backwards else ""
        return [f"{sign}{column}" for column in self.columns]

    def end_at(self, comment: Comment) -> End:
        """The values that say where this comment stands."""
        return tuple(getattr(comment, column) for column in self.columns)

    def beyond(self, end: End, *, backwards: bool = False, inclusive: bool = False) -> Q:
        """A condition for the comments behind this place, or before it; `inclusive`: or at it."""
        than = "lt" if self.descending != backwards else "gt"
        alternatives = []
        for n, column in enumerate(self.columns):
            is_last = column == self.columns[-1]
            step = {f"{column}__{than}{'e' if inclusive and is_last else ''}": end[n]}
            alternatives.append(Q(**dict(zip(self.columns[:n], end, strict=False)), **step))
        # Databases find the place in an index by the first column, and not by alternatives.
        within = Q(**{f"{self.columns[0]}__{than}e": end[0]}) if len(end) > 1 else Q()
        return within & reduce(or_, alternatives)

    def cursor(self, comment: Comment, *, backwards: bool = False) -> str:
        """The cursor for what stands behind this comment, or before it."""
        way = "before" if backwards else "after"
        text = ":".join(map(str, (self.name, way, *self.end_at(comment))))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, cursor: str) -> Place:
        """Where a cursor of this order leads. Raises CommentError 400 bad_field for any other text."""
        if len(cursor) > LONGEST_CURSOR:
            raise _not_ours()
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
            name, way, *values = text.split(":")
            end = tuple(map(int, values))
        except (ValueError, binascii.Error) as error:
            raise _not_ours() from error
        fits = len(end) == len(self.columns) and all(0 <= value <= LARGEST_NUMBER for value in end)
        if name != self.name or way not in ("before", "after") or not fits:
            raise _not_ours()
        return Place(end, backwards=way == "before")


@dataclass(frozen=True)
class Place:
    """Where a page begins, and in which direction it goes from there."""

    end: End
    backwards: bool


def _not_ours() -> CommentError:
    return CommentError(400, "bad_field", "This cursor is not one of ours.")
