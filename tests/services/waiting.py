"""Waits for a condition to become true, and never for time to pass."""

import time
from collections.abc import Callable

POLL = 0.02  # s


def wait_until(condition: Callable[[], object], *, within: float = 30.0, what: str = "the condition") -> None:
    """Return as soon as `condition()` is true.

    Raises TimeoutError, naming `what`, when it is not within `within` seconds.
    """
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come true within {within:g} s")
        time.sleep(POLL)
