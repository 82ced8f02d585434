"""What a page says that it shows, for comments.verification. A server reads this before Django is set up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec

MOST_WINDOWS = 200  # a page has fewer roots
Id = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,19}$")]
Digest = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{8}$")]


class ShownWindow(msgspec.Struct, frozen=True, kw_only=True):
    """A part of one list, between two comments, the ends included.

    root: whose replies they are; None for the list of roots. first, last: None where the page holds the list
    from its oldest, or to its newest, comment.
    """

    root: Id | None = None
    first: Id | None = None
    last: Id | None = None


class ShownReactions(msgspec.Struct, frozen=True, kw_only=True):
    """How many people react to those comments, at the change `seq` of the thread's reactions.

    digest: as `reactions_digest_of` of comments.verification makes it.
    """

    seq: Annotated[int, msgspec.Meta(ge=0)]
    digest: Digest


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows, at the change `seq`.

    digest: of all visible comments in these windows, as `digest_of` of comments.verification makes it.
    reactions: to the same comments; None where the client says nothing of them.
    """

    epoch: str
    seq: Annotated[int, msgspec.Meta(ge=0)]
    digest: Digest
    windows: Annotated[Sequence[ShownWindow], msgspec.Meta(min_length=1, max_length=MOST_WINDOWS)]
    reactions: ShownReactions | None = None
