"""Passwords are hashed in few threads of their own: however many people log in, no reader waits for them.

A hash costs a third of a second of a core on purpose. The request that needs one waits for its turn. Logins
of strangers wait in few places (LOGINS), and who finds none is refused at once, so that they use up neither
the threads nor the database connections that serve readers.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.views.decorators.debug import sensitive_variables

from comments.errors import CommentError

AT_ONCE = max(1, (os.cpu_count() or 1) - 1)  # hashes; one core is left to readers
NICENESS = 10  # of these threads, above the process's; on one core, too, readers come first
LOWEST = 19
MOST_LOGINS = 8  # under way at once, those that are waiting for their turn included
MOST_LOGINS_OF_NETWORK = 4
PAUSE = 2.0  # s, about as long as the logins under way take
BUSY = "Many people are logging in right now. Try again in {wait:.0f} s."


def _let_others_go_first() -> None:
    """Lower the thread's priority, where the system lets us; only Linux has one for each thread."""
    if sys.platform == "linux":
        own = threading.get_native_id()
        with contextlib.suppress(OSError):
            niceness = os.getpriority(os.PRIO_PROCESS, own) + NICENESS
            os.setpriority(os.PRIO_PROCESS, own, min(LOWEST, niceness))


_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords", initializer=_let_others_go_first)


class HasherInTurn(PBKDF2PasswordHasher):
    """Django's default, in the threads for hashes. New passwords wait there as well."""

    @sensitive_variables()
    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return _threads.submit(super().encode, password, salt, iterations).result()


class Places:
    """Places for what may be under way at once: `most` in all, `most_of_one` for each of those who ask."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def place(self, who: str) -> Iterator[None]:
        """Hold a place while the block runs. Raises CommentError 503 busy at once where there is none."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[who] >= self._most_of_one:
                raise CommentError(503, "busy", BUSY.format(wait=PAUSE), retry_after=PAUSE)
            self._taken[who] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[who] -= 1
                self._taken += Counter()  # forgets who holds none any more


LOGINS = Places(MOST_LOGINS, MOST_LOGINS_OF_NETWORK)
