"""Refusals of commands, the same on every way to the server."""

from __future__ import annotations

from typing import Any


class CommentError(Exception):
    """A refusal that its author should understand.

    code: an HTTP status. reason: a slug that programs read. message: a sentence for people.
    retry_after: seconds after which the same command may succeed, or None. comment: the comment that it is
    about, as it is now (comments.wire), where that helps to decide what next.
    """

    def __init__(
        self, code: int, reason: str, message: str, retry_after: float | None = None, comment: Any = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.retry_after = retry_after
        self.comment = comment


BUSY = CommentError(503, "busy", "The site is busy. Please try again in a moment.", retry_after=2)


def not_found() -> CommentError:
    """The refusal where nothing public is at an address."""
    return CommentError(404, "not_found", "There is nothing to comment on at this address.")
