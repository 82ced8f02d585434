"""The settings of comments. Each has a default: a project sets only those that it wants to be different.

COMMENTS_GUESTS           whether people without an account may write, under a name that they give (True)
COMMENTS_RATE_LIMITS      whether anybody has to write slowly; False is for benchmarks and tests (True)
COMMENTS_RATES_CACHE      which of the project's CACHES counts them, where processes share it ("default")
COMMENTS_SOCKET_PREFIX    what the addresses of sockets begin with; empty for nothing ("ws/")
COMMENTS_NAME_OF          dotted path of a function from a user to the name shown beside their comments
COMMENTS_EDIT_WINDOW      seconds in which authors may edit a comment of theirs; 0 for never (900)
COMMENTS_UNDO_WINDOW      seconds in which authors may take back that they deleted a comment (10)
COMMENTS_VERIFY_PERIOD    seconds between two questions of an open page whether it is right; 0 for none (60)
COMMENTS_VERIFY_RATE      of those, so many a second are answered for one address; ten times that at once (5)
COMMENTS_REACTIONS        emojis that people may react with; empty for no reactions
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    "COMMENTS_GUESTS": True,
    "COMMENTS_RATE_LIMITS": True,
    "COMMENTS_RATES_CACHE": "default",
    "COMMENTS_SOCKET_PREFIX": "ws/",
    "COMMENTS_NAME_OF": "comments.authors.name_of_user",
    "COMMENTS_EDIT_WINDOW": 15 * 60,
    "COMMENTS_UNDO_WINDOW": 10,
    "COMMENTS_VERIFY_PERIOD": 60,
    "COMMENTS_VERIFY_RATE": 5,
    "COMMENTS_REACTIONS": ("👍", "❤️", "😄", "🎉", "🤔"),
}


def setting(name: str) -> Any:
    """The value in the project's settings, or the default."""
    return getattr(settings, name, DEFAULTS[name])


def guests_may_write() -> bool:
    return bool(setting("COMMENTS_GUESTS"))


def rates_are_limited() -> bool:
    return bool(setting("COMMENTS_RATE_LIMITS"))


def rates_cache() -> str:
    """The alias of the cache that rates are counted in."""
    return str(setting("COMMENTS_RATES_CACHE"))


def edit_window() -> timedelta:
    """How long after writing a comment its author may edit it."""
    return timedelta(seconds=setting("COMMENTS_EDIT_WINDOW"))


def undo_window() -> timedelta:
    """How long after deleting a comment its author may take that back."""
    return timedelta(seconds=setting("COMMENTS_UNDO_WINDOW"))


def verify_rate() -> float:
    """How many questions of one address are answered a second, whether its pages are right."""
    return float(setting("COMMENTS_VERIFY_RATE"))


def guest_cookie() -> str:
    """The name of the cookie that keeps a guest; over https one that no neighbouring host can set."""
    return "__Host-guest" if settings.SESSION_COOKIE_SECURE else "guest"


def reaction_kinds() -> list[str]:
    """The emojis that people may react with, in the order in which pages offer them."""
    return list(setting("COMMENTS_REACTIONS"))


def socket_prefix() -> str:
    """The beginning of the addresses of sockets, below the project's own prefix: "ws/", or nothing."""
    words = str(setting("COMMENTS_SOCKET_PREFIX")).strip("/")
    return f"{words}/" if words else ""
