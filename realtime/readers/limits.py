"""How many connections one address or person may hold in this process, and how fast a socket may send."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.crypto import salted_hmac

from comments.attempts import Attempts, TriedTooMuch, note_refusal
from comments.conf import rates_are_limited
from comments.errors import CommentError
from comments.rates import Rate, TokenBucket, network_of
from realtime.presence.strangers import Strangers
from realtime.readers.places import Places

FRAMES = Rate(capacity=60, per_second=20)  # of any kind, from one socket; beyond it the socket is closed
REFUSAL = 3  # frames that a refused one counts for besides itself
TYPING = Rate(capacity=5, per_second=1)  # typing frames of one socket; beyond it they are dropped
# The same of one address: each is told to every process. Sixty people who type send 20 a second.
TYPING_PER_ADDRESS = Rate(capacity=100, per_second=30)
# Sockets and streams that one address opens: a school whose process was restarted comes back at once.
HANDSHAKES = Rate(capacity=400, per_second=20)
COMING = 200  # of one address who are being recognised at the same time


class ConnectionCount:
    """The readers of this process, in whichever way they came: those on the way in, and those here."""

    def __init__(self) -> None:
        self.places = Places(is_limited=rates_are_limited)
        self._coming: Counter[str] = Counter()

    @contextmanager
    def coming(self, network: str) -> Iterator[bool]:
        """Somebody is on the way in; whether they may be."""
        self._coming[network] += 1
        try:
            yield not rates_are_limited() or self._coming[network] <= COMING
        finally:
            self._coming[network] -= 1
            if not self._coming[network]:
                del self._coming[network]

    @property
    def total(self) -> int:
        """All connections of this process."""
        return len(self.places) + sum(self._coming.values())


def others_at(network: str) -> str:
    """The page view that readers without a name share who are not told apart."""
    return salted_hmac("realtime.strangers", network).hexdigest()


connections = ConnectionCount()
handshakes = Attempts(HANDSHAKES)
typing = Attempts(TYPING_PER_ADDRESS)
strangers = Strangers(others_at)


def check_handshake(address: str) -> None:
    """Count a socket or a stream that is opened. Raises CommentError 429 rate_limited."""
    if rates_are_limited() and (wait := handshakes.begin(network_of(address), time.monotonic())):
        raise TriedTooMuch(wait)


def may_type(own: TokenBucket, address: str, now: float) -> bool:
    """Count a typing frame: of its socket, and of its address. now: by the loop's clock."""
    if not rates_are_limited():
        return True
    return not own.take(now) and not typing.begin(network_of(address), now)


def note_refused(error: CommentError, address: str) -> None:
    """Count one who could not come in, or whose credentials were nobody's."""
    note_refusal(error, address)
    if rates_are_limited() and error.code < 500:
        handshakes.refused(network_of(address), time.monotonic())
