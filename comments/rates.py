"""Limits on rates, by token buckets; those of authors and addresses are counted in rate_store.py."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address

from comments import rate_store
from comments.conf import rates_are_limited
from comments.errors import CommentError


@dataclass(frozen=True)
class Rate:
    """A burst of `capacity` at once, and `per_second` in the long run."""

    capacity: float
    per_second: float

    def times(self, number: float) -> Rate:
        """The same for so many at once."""
        return Rate(self.capacity * number, self.per_second * number)


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
        if wait := self.wait(now):
            return wait
        self.tokens -= 1
        return 0.0

    def wait(self, now: float) -> float:
        """The seconds until there is a token, which is not taken; 0 where there is one."""
        elapsed = max(0.0, now - self.filled_at)
        self.tokens = min(self.rate.capacity, self.tokens + elapsed * self.rate.per_second)
        self.filled_at = now
        return max(0.0, 1 - self.tokens) / self.rate.per_second

    def spend(self, tokens: float) -> None:
        """Take tokens, or as many as there are."""
        self.tokens = max(0.0, self.tokens - tokens)


COMMENTS_PER_AUTHOR = Rate(capacity=6, per_second=0.5)
# What an address may do is bounded because of those who make up people. A class or a conference, sixty people
# who begin at once, is to notice nothing of it. Members have one allowance and guests another.
COMMENTS_PER_ADDRESS = Rate(capacity=60, per_second=3)
CHANGES_PER_AUTHOR = Rate(capacity=20, per_second=1)  # edits, deletions and their undoing
CHANGES_PER_ADDRESS = Rate(capacity=100, per_second=10)
REACTIONS_PER_AUTHOR = Rate(capacity=20, per_second=1)
REACTIONS_PER_ADDRESS = Rate(capacity=200, per_second=20)
LOGINS_PER_NAME = Rate(capacity=6, per_second=1 / 300)  # wrong passwords of one address for one name
LOGINS_PER_ADDRESS = Rate(capacity=60, per_second=0.2)
NAMES_PER_GUEST = Rate(capacity=10, per_second=0.1)
NAMES_PER_ADDRESS = Rate(capacity=100, per_second=1)
PREVIEWS_PER_AUTHOR = Rate(capacity=10, per_second=0.5)
PREVIEWS_PER_ADDRESS = Rate(capacity=100, per_second=5)
READS_PER_AUTHOR = Rate(capacity=20, per_second=0.5)  # read marks
READS_PER_ADDRESS = Rate(capacity=200, per_second=20)
TYPED_PER_ADDRESS = Rate(capacity=60, per_second=0.5)  # texts kept while their authors log in

TOO_FAST = "That was very fast. Try again in {wait} s."
WRITING = "You are writing very fast. Try again in {wait} s."
MANY = "Many people are writing from your network. Try again in {wait} s."
SPREAD = 10  # s over which those come back who were refused for their address
PREFIX = 64  # bits of an IPv6 address that name a network (RFC 4291, section 2.5.1)
# A customer has all networks below a /56 or a /48 (RFC 6177), and may send from each. Some providers have
# many customers in a /48, so it may do as much as several networks. Bits, and how many.
WIDER = ((56, 4), (48, 16))


def check_rate(what: str, who: str, rate: Rate, message: str = WRITING) -> None:
    """Count one action of `who`. Raises CommentError 429 rate_limited, with the `message`.

    However many requests come at once, no more than the rate allows get through. Where the cache is out of
    reach, each process counts for itself.
    """
    if not rates_are_limited():
        return
    if wait := rate_store.wait(_key(what, who), rate):
        raise _too_fast(message, wait)


def check_rates(what: str, who: str, rate: Rate, address: str | None, rate_of_address: Rate) -> None:
    """Count one action of a person, and then of their address: one person alone never uses up its share.

    Raises CommentError 429 rate_limited.
    """
    check_rate(what, who, rate, TOO_FAST)
    if address is not None:
        check_address(f"{what}-from", address, rate_of_address)


def check_address(what: str, address: str, rate: Rate) -> None:
    """Count one action of somebody at this address. Raises CommentError 429 rate_limited.

    It takes people for what they are, many: they are told so, and to come back at different times.
    """
    if not rates_are_limited():
        return
    for network, number in networks_of(address):
        if wait := rate_store.wait(_key(what, network), rate.times(number)):
            raise _too_fast(MANY, wait + random.uniform(0, SPREAD))  # noqa: S311 - no secret


def check_naming(guest_key: str | None, address: str) -> None:
    """Count one name that a guest gives. guest_key: of a guest who had a name before.

    Raises CommentError 429 rate_limited.
    """
    if guest_key is not None:
        check_rate("name-of", guest_key, NAMES_PER_GUEST, TOO_FAST)
    check_address("rename-from" if guest_key else "name-from", address, NAMES_PER_ADDRESS)


def forget_rate(what: str, who: str) -> None:
    """Forget what `who` has done, so that the whole burst is free again."""
    rate_store.forget(_key(what, who))


def network_of(address: str) -> str:
    """The unit that limits count first: the address, or its IPv6 network, where a host has 2^64 addresses."""
    return networks_of(address)[0][0]


def networks_of(address: str) -> list[tuple[str, int]]:
    """The units that an address counts for, the narrowest first, and how many times a rate each may have."""
    try:
        known = ip_address(address)
    except ValueError:
        return [(address, 1)]
    if not isinstance(known, IPv6Address) or known.ipv4_mapped:
        return [(str(getattr(known, "ipv4_mapped", None) or address), 1)]
    prefixes = ((PREFIX, 1), *WIDER)
    return [(str(IPv6Network((int(known), bits), strict=False)), number) for bits, number in prefixes]


def _too_fast(message: str, wait: float) -> CommentError:
    return CommentError(429, "rate_limited", message.format(wait=math.ceil(wait)), retry_after=wait)


def _key(what: str, who: str) -> str:
    return f"rate:{what}:{who}"
