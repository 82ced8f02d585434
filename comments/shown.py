"""What a page says that it shows, for comments.verification. A server reads this before Django is set up."""

from __future__ import annotations

import msgspec


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a page shows of one list between two comments, the ends included, at the change `seq`.

    root: whose replies they are; None for roots. first, last: None where the page holds the list from its
    oldest, or to its newest, comment. digest: of the visible ones, as `digest_of` of comments.verification.
    """

    epoch: str
    seq: int
    digest: str
    root: str | None = None
    first: str | None = None
    last: str | None = None
