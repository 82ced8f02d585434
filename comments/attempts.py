"""What is tried from one address, counted in this process's memory before any work is done for it.

The rates of comments.rates count what was done, and ask the cache for it. What is refused would be free
without this: a blank comment, a wrong token, a forged form each take a thread and some queries. So every
attempt takes a token, a refused one takes more, and an address without tokens is answered 429 at once, with
neither a thread nor a query nor the cache.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from enum import StrEnum
from threading import Lock

from comments.authors import Author
from comments.conf import rates_are_limited
from comments.errors import CommentError
from comments.rates import Rate, TokenBucket, network_of

# More than the other rates of an address allow together: sixty people behind one do not notice it.
ATTEMPTS = Rate(capacity=600, per_second=60)
REFUSAL = 3  # tokens that a refusal takes besides the attempt's own
MOST_KNOWN = 10_000  # of those who try; who tried nothing for the longest time is forgotten first


class By(StrEnum):
    """Who tries, as far as that was known before. Each kind has an allowance of its own at an address.

    So whoever is made up does not keep members from writing, nor a script with a wrong token anybody.
    """

    NOBODY = "nobody"
    GUEST = "guest"
    MEMBER = "member"


class TriedTooMuch(CommentError):
    """The refusal for an address that has no tokens left. It costs nothing, and does not count itself."""

    def __init__(self, wait: float) -> None:
        seconds = math.ceil(wait)
        message = f"Too much was tried from your network just now. Try again in {seconds} s."
        super().__init__(429, "rate_limited", message, retry_after=wait)


class Attempts:
    """Token buckets by whoever tries. Safe in threads; `now` in seconds, of a clock that never goes back."""

    def __init__(self, rate: Rate = ATTEMPTS, most_known: int = MOST_KNOWN) -> None:
        self._rate = rate
        self._most_known = most_known
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._buckets)

    def begin(self, who: str, now: float) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        with self._lock:
            return self._bucket(who, now).take(now)

    def wait(self, who: str, now: float) -> float:
        """The seconds until there is a token, which is not taken; 0 where there is one."""
        with self._lock:
            known = self._buckets.get(who)
            return 0.0 if known is None else known.wait(now)

    def refused(self, who: str, now: float) -> None:
        """What was tried was refused: take more tokens, or as many as there are."""
        with self._lock:
            self._bucket(who, now).spend(REFUSAL)

    def _bucket(self, who: str, now: float) -> TokenBucket:
        if who not in self._buckets:
            self._buckets[who] = TokenBucket.full(self._rate, now)
            if len(self._buckets) > self._most_known:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(who)
        return self._buckets[who]


attempts = Attempts()


def kind_of(author: Author | None) -> By:
    """As whom an author's attempts count."""
    if author is None:
        return By.NOBODY
    return By.GUEST if author.user_id is None else By.MEMBER


def check_attempt(address: str, by: By = By.NOBODY) -> None:
    """Count something that is tried from this address. Raises CommentError 429 rate_limited."""
    if rates_are_limited() and (wait := attempts.begin(_who(address, by), time.monotonic())):
        raise TriedTooMuch(wait)


def check_refusals(address: str) -> None:
    """Raise CommentError 429 rate_limited where strangers at this address were refused too much.

    It counts nothing: for reads, and for whatever comes before anybody is recognised.
    """
    if rates_are_limited() and (wait := attempts.wait(_who(address, By.NOBODY), time.monotonic())):
        raise TriedTooMuch(wait)


def note_refusal(error: CommentError, address: str, by: By = By.NOBODY) -> None:
    """Count that something was refused, unless that cost nothing, or is a failure of the server's own."""
    if not isinstance(error, TriedTooMuch):
        note_answer(error.code, address, by)


def note_answer(status: int, address: str, by: By = By.NOBODY) -> None:
    """Count an answer of HTTP's where it is a refusal."""
    if rates_are_limited() and 400 <= status < 500:
        attempts.refused(_who(address, by), time.monotonic())


def _who(address: str, by: By) -> str:
    return f"{by} {network_of(address)}"
