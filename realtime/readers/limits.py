"""How many sockets one address or person may hold in this process, and how fast a socket may send."""

from __future__ import annotations

from collections import Counter

from comments.conf import rates_are_limited
from comments.rates import Rate, network_of

FRAMES = Rate(capacity=60, per_second=20)  # of any kind, from one socket; beyond it the socket is closed
TYPING = Rate(capacity=5, per_second=1)  # typing frames; beyond it they are dropped
SOCKETS_PER_ADDRESS = 200  # a school or an office shares one
SOCKETS_PER_PERSON = 30


class SocketCount:
    """Counts the open sockets of this process by address and by person."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def admit(self, address: str) -> bool:
        """Count one more socket of this address, or refuse it."""
        return self._admit(f"address {network_of(address)}", SOCKETS_PER_ADDRESS)

    def admit_person(self, key: str) -> bool:
        """Count one more socket of this person, or refuse it."""
        return self._admit(f"person {key}", SOCKETS_PER_PERSON)

    def release(self, address: str) -> None:
        """One socket of this address less."""
        self._release(f"address {network_of(address)}")

    def release_person(self, key: str) -> None:
        """One socket of this person less."""
        self._release(f"person {key}")

    @property
    def total(self) -> int:
        """All open sockets of this process."""
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


socket_count = SocketCount()
