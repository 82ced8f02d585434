"""The results of the measurements, and the arithmetic that they share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LIMIT = 0.95  # share of a core from which on the core counts as full, and its process as the limit


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile of values in ascending order; NaN where there are none."""
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class Spread:
    """How long something took, in ms."""

    p50: float
    p90: float
    p95: float
    p99: float
    most: float

    @classmethod
    def of(cls, nanoseconds: Sequence[float]) -> Spread:
        """Sum up durations in ns."""
        ordered = sorted(nanoseconds)
        return cls(*(percentile(ordered, share) / 1e6 for share in (0.5, 0.9, 0.95, 0.99, 1.0)))


@dataclass(frozen=True)
class Share:
    """How much of its core a process used, how much the run's databases used, and how much all others did."""

    busy: float
    databases: float
    others: float

    @property
    def was_limit(self) -> bool:
        return self.busy + self.databases + self.others >= LIMIT


@dataclass(frozen=True)
class FanOut:
    """The result of posting at a rate to many sockets."""

    who: str
    rate: float
    sockets: int
    posted: int
    delivered: int
    doubled: int
    per_second: float
    latency: Spread
    cpu_us: float | None  # server CPU for one delivery
    server: Share | None
    client: Share
    errors: int
    closed: int

    @property
    def expected(self) -> int:
        return self.posted * self.sockets

    @property
    def share(self) -> float:
        return self.delivered / max(1, self.expected)


@dataclass(frozen=True)
class Memory:
    """Memory of one idle socket, in kB of 1,000 bytes."""

    who: str
    sockets: int
    kb: float | None


@dataclass(frozen=True)
class Herd:
    """How long sockets that all reconnect at once take until each has everything."""

    what: str
    sockets: int
    missed: int
    current: Spread
    connected: Spread
    requests: int
    incomplete: int
    cpu_ms: float | None  # server CPU for one of them


@dataclass(frozen=True)
class Soak:
    """Memory of the server, in MB of 1,000,000 bytes, while readers come and go."""

    joins: int
    posts: int
    seconds: float
    before_mb: float  # when it was warm
    after_mb: float
    most_mb: float

    @property
    def growth(self) -> float:
        return self.after_mb / self.before_mb - 1


@dataclass(frozen=True)
class Posting:
    """The result of posters who each send the next comment when the last one is acknowledged."""

    posters: int
    acks: int
    per_second: float
    ack: Spread
    errors: int
    server: Share | None
    client: Share


@dataclass(frozen=True)
class Idle:
    """The time from the frame that is sent to the frame on another socket, with nothing else going on."""

    samples: int
    latency: Spread


@dataclass(frozen=True)
class History:
    """The history of 100 changes: its queries and its median time, at first and from the cache."""

    first_queries: int
    first_ms: float
    again_queries: int
    again_ms: float
