"""How many connections one address or person may hold in this process, and how fast a socket may send."""

from __future__ import annotations

import time
from collections import Counter

from comments.attempts import Attempts, TriedTooMuch, note_refusal
from comments.conf import rates_are_limited
from comments.errors import CommentError
from comments.rates import Rate, network_of

FRAMES = Rate(capacity=60, per_second=20)  # of any kind, from one socket; beyond it the socket is closed
REFUSAL = 3  # frames that a refused one counts for besides itself
TYPING = Rate(capacity=5, per_second=1)  # typing frames; beyond it they are dropped
# Sockets and streams that one address opens: a school whose process was restarted comes back at once.
HANDSHAKES = Rate(capacity=400, per_second=20)
CONNECTIONS_PER_ADDRESS = 200  # a school or an office shares one
CONNECTIONS_PER_PERSON = 30


class ConnectionCount:
    """Counts the readers of this process by address and by person, in whichever way they came."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def admit(self, address: str) -> bool:
        """Count one more connection of this address, or refuse it."""
        return self._admit(f"address {network_of(address)}", CONNECTIONS_PER_ADDRESS)

    def admit_person(self, key: str) -> bool:
        """Count one more connection of this person, or refuse it."""
        return self._admit(f"person {key}", CONNECTIONS_PER_PERSON)

    def release(self, address: str) -> None:
        """One connection of this address less."""
        self._release(f"address {network_of(address)}")

    def release_person(self, key: str) -> None:
        """One connection of this person less."""
        self._release(f"person {key}")

    @property
    def total(self) -> int:
        """All connections of this process."""
        return sum(count for who, count in self._open.items() if who.startswith("address "))

    def _admit(self, who: str, most: int) -> bool:
        if rates_are_limited() and self._open[who] >= most:
            return False
        self._open[who] += 1
        return True

    def _release(self, who: str) -> None:
        self._open[who] -= 1
        if self._open[who] <= 0:
            del self._open[who]


connections = ConnectionCount()
handshakes = Attempts(HANDSHAKES)


def check_handshake(address: str) -> None:
    """Count a socket or a stream that is opened. Raises CommentError 429 rate_limited."""
    if rates_are_limited() and (wait := handshakes.begin(network_of(address), time.monotonic())):
        raise TriedTooMuch(wait)


def note_refused(error: CommentError, address: str) -> None:
    """Count one who could not come in, or whose credentials were nobody's."""
    note_refusal(error, address)
    if rates_are_limited() and error.code < 500:
        handshakes.refused(network_of(address), time.monotonic())
