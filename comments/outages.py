"""The errors that say that something outside is out of reach, and how they are logged."""

from __future__ import annotations

from channels.exceptions import ChannelFull
from django.db import InterfaceError, OperationalError


class Unanswered(Exception):
    """The project's own code could not answer now. What failed in it was logged there."""


OUTAGES: tuple[type[Exception], ...] = (
    OperationalError, InterfaceError, OSError, TimeoutError, ChannelFull, Unanswered
)  # fmt: skip
try:
    from redis.exceptions import RedisError
except ImportError:  # a project whose channel layer is another
    pass
else:
    OUTAGES += (RedisError,)


def unexpected(error: Exception) -> Exception | None:
    """The error, for a log record's `exc_info`; None for an outage, of which one line says enough."""
    return None if isinstance(error, OUTAGES) else error
