"""The settings of comments. Each has a default: a project sets only those that it wants to be different.

COMMENTS_GUESTS           whether people without an account may write, under a name that they give (True)
COMMENTS_RATE_LIMITS      whether anybody has to write slowly; False is for benchmarks and tests (True)
COMMENTS_SOCKET_PREFIX    what the addresses of sockets begin with; empty for nothing ("ws/")
COMMENTS_NAME_OF          dotted path of a function from a user to the name shown beside their comments
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    "COMMENTS_GUESTS": True,
    "COMMENTS_RATE_LIMITS": True,
    "COMMENTS_SOCKET_PREFIX": "ws/",
    "COMMENTS_NAME_OF": "comments.authors.name_of_user",
}


def setting(name: str) -> Any:
    """The value in the project's settings, or the default."""
    return getattr(settings, name, DEFAULTS[name])


def guests_may_write() -> bool:
    return bool(setting("COMMENTS_GUESTS"))


def rates_are_limited() -> bool:
    return bool(setting("COMMENTS_RATE_LIMITS"))


def socket_prefix() -> str:
    """The beginning of the addresses of sockets, below the project's own prefix: "ws/", or nothing."""
    words = str(setting("COMMENTS_SOCKET_PREFIX")).strip("/")
    return f"{words}/" if words else ""
