"""A project's own function that fails for one person, and hangs for another."""

from threading import Event
from typing import Any

from comments.authors import name_of_user

FAILS, HANGS = "reader11", "reader12"
LONG = 15.0  # s; readers are given up after 10


def name_of(user: Any) -> str:
    """The name beside a user's comments."""
    if user.get_username() == FAILS:
        raise RuntimeError("nobody knows this name")
    if user.get_username() == HANGS:
        Event().wait(LONG)
    return name_of_user(user)
