"""How often somebody may do something: token buckets, in memory for a socket, in the cache for an author."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from comments.errors import CommentError


@dataclass(frozen=True)
class Rate:
    """A burst of `capacity` at once, and `per_second` in the long run."""

    capacity: float
    per_second: float


@dataclass
class TokenBucket:
    """The token bucket of ITU-T I.371: it holds `rate.capacity` tokens and fills at `rate.per_second`."""

    rate: Rate
    tokens: float
    filled_at: float

    @classmethod
    def full(cls, rate: Rate, now: float) -> TokenBucket:
        return cls(rate, rate.capacity, now)

    def take(self, now: float) -> float:
        """Take a token and return 0, or return the seconds until there is one again. `now` in seconds."""
        elapsed = max(0.0, now - self.filled_at)
        self.tokens = min(self.rate.capacity, self.tokens + elapsed * self.rate.per_second)
        self.filled_at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.rate.per_second


COMMENTS_PER_AUTHOR = Rate(capacity=6, per_second=0.5)
COMMENTS_PER_ADDRESS = Rate(capacity=30, per_second=2)  # a school or an office shares one
LOGINS_PER_ADDRESS = Rate(capacity=60, per_second=0.2)
NAMES_PER_ADDRESS = Rate(capacity=10, per_second=0.1)


def check_rate(what: str, who: str, rate: Rate) -> None:
    """Count one action of `who`. Raises CommentError 429 rate_limited.

    The bucket is read and written without a lock, as DRF's throttles are: requests that race may get one
    more through, which a limit on rates can bear.
    """
    if not settings.RATE_LIMITS:
        return
    now = time.time()  # shared by all processes, unlike a monotonic clock
    key = f"rate:{what}:{who}"
    tokens, filled_at = cache.get(key) or (rate.capacity, now)
    bucket = TokenBucket(rate, tokens, filled_at)
    wait = bucket.take(now)
    if wait:
        raise CommentError(
            429,
            "rate_limited",
            f"You are writing very fast. Try again in {math.ceil(wait)} s.",
            retry_after=wait,
        )
    cache.set(key, (bucket.tokens, bucket.filled_at), timeout=math.ceil(rate.capacity / rate.per_second) + 1)
