"""The arithmetic of the table: spreads of seconds, and memory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.figures import percentile

PAGE = os.sysconf("SC_PAGE_SIZE")  # bytes


@dataclass(frozen=True)
class Spread:
    """How long something took, in seconds; NaN where it never happened."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Spread:
        ordered = sorted(seconds)
        ranks = (percentile(ordered, share) for share in (0.5, 0.95, 0.99, 1.0))
        return cls(len(ordered), *ranks)

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} / {self.most:.2f}" if self.count else "-"


def memory_of(pid: int) -> int:
    """Bytes of memory that a process holds now, by proc(5); 0 where it has gone or there is no /proc."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0
