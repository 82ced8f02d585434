"""What is to be measured, and the results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.figures import FanOut, Herd, History, Idle, Memory, Posting, Soak
from bench.hostile.attacks import ATTACKS
from bench.hostile.siege import Outcome
from bench.machine import Cores
from bench.page_figures import PageFigures

PARTS = ("memory", "fanout", "posting", "idle", "herd", "history")
LONG = ("soak", "page", "hostile")  # parts that are measured only when they are asked for
PLAIN, BATCHES, TUTORIAL = "live comments", "live comments, batches", "Channels' tutorial"


@dataclass(frozen=True)
class Plan:
    """Which parts to measure, with how many sockets, at which rates (1/s), and for how many seconds each.

    joins: sockets that come and go in the soak. comments: on the article whose page is opened. offline: s
    that its reader is without a network.
    """

    parts: Sequence[str] = PARTS
    sockets: int = 1000
    rates: Sequence[float] = (20, 100)
    seconds: float = 6
    joins: int = 200_000
    comments: int = 10_000
    offline: float = 30

    @property
    def steps(self) -> int:
        """How many steps a run of this plan reports."""
        return 2 + sum(
            {
                "memory": 2,
                "fanout": 3 * len(self.rates),
                "herd": 2,
                "page": 6,
                "hostile": 1 + len(ATTACKS),
            }.get(part, 1)
            for part in self.parts
        )


@dataclass
class Results:
    """The results; None or empty for a part that was not measured."""

    plan: Plan
    cores: Cores
    database: str = ""
    fanouts: list[FanOut] = field(default_factory=list)
    memories: list[Memory] = field(default_factory=list)
    posting: Posting | None = None
    idle: Idle | None = None
    herds: list[Herd] = field(default_factory=list)
    history: History | None = None
    soak: Soak | None = None
    page: PageFigures | None = None
    attacks: list[Outcome] = field(default_factory=list)
