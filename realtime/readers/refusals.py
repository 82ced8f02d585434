"""Why a reader is sent away, in the words of each way: a close code, or an error of HTTP's."""

from __future__ import annotations

from comments.errors import BUSY, CommentError, not_found
from comments.models import Thread
from comments.outages import OUTAGES
from realtime.database import log_failure
from realtime.protocol import Close

TOO_MANY = CommentError(429, "rate_limited", "Too many connections are open already.", retry_after=5)
UNEXPECTED = CommentError(500, "internal", "Something went wrong here. It has been noted.")


class Refusal(Exception):
    """A reader can't stay. code, reason: of a `bye`. error: the answer of HTTP where nothing began yet."""

    def __init__(self, code: Close, reason: str, error: CommentError) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.error = error

    @property
    def retry_after(self) -> float | None:
        """Seconds after which a client whom `code` lets come back may do so."""
        return self.error.retry_after


def too_many() -> Refusal:
    """The refusal of one connection more than an address or a person may have."""
    return Refusal(Close.TOO_MANY_SOCKETS, "too_many_sockets", TOO_MANY)


def refusal_of(error: Exception, what: str) -> Refusal:
    """The refusal that an error leads to. what: failed, for the log, if it is the server's own fault."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, CommentError):
        code, reason = (Close.BANNED, "banned") if error.reason == "banned" else (Close.GONE, "gone")
        return Refusal(code, reason, error)
    if isinstance(error, Thread.DoesNotExist):  # what is commented on was deleted just now
        return Refusal(Close.GONE, "gone", not_found())
    log_failure(what, error)
    if isinstance(error, OUTAGES):
        return Refusal(Close.BACKEND_DOWN, "backend_down", BUSY)
    return Refusal(Close.INTERNAL_ERROR, "internal", UNEXPECTED)
