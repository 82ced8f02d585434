"""How strictly a time is held against its promise, on a machine that is slow or has much else to do.

Promises are in seconds of the machine in docs/reliability.md, with nothing else going on. A fixed piece of
work says how much slower this one is; it is done on all cores at once, before each cluster starts. It has
nothing to do with the site, so a site that becomes slower is not excused by it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

WORK = "from time import perf_counter as t; a = t(); sum(i * i for i in range(500_000)); print(t() - a)"
REFERENCE = 0.045  # s that it takes there
ROUNDS = 3
SLOWEST = 5.0  # beyond that nothing is excused any more
# `make test` runs other tests beside. What is broken is late by far, or never comes.
LEAST = 1.0 if os.environ.get("THOROUGH") == "on" else 3.0


class Machine:
    """slack: how many times as long as promised something may take now. most: what that has been at most."""

    def __init__(self) -> None:
        self.slack = self.most = LEAST

    def look(self) -> None:
        """Find out how slow it is; takes some tenths of a second."""
        slowness = statistics.median(_seconds_of_work() / REFERENCE for _ in range(ROUNDS))
        self.slack = min(max(LEAST, slowness), max(LEAST, SLOWEST))
        self.most = max(self.most, self.slack)


machine = Machine()


def promised(seconds: float) -> float:
    """The seconds that something may take here and now which is promised in so many."""
    return machine.slack * seconds


def _seconds_of_work() -> float:
    command = [sys.executable, "-I", "-S", "-c", WORK]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        for _ in range(os.cpu_count() or 1)
    ]
    return statistics.mean(float(worker.communicate()[0]) for worker in workers)
