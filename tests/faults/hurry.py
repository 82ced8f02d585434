"""How strictly a time is compared with its promise, on a machine that is slow or has much else to do.

Promises are in seconds of the machine in docs/reliability.md, with nothing else going on. A fixed piece of
work, which is done on all cores at once before each cluster starts, measures how much slower this machine is.
The work has nothing to do with the site, so it does not excuse a site that becomes slower.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys

WORK = "from time import perf_counter as t; a = t(); sum(i * i for i in range(500_000)); print(t() - a)"
REFERENCE = 0.016  # s that the work takes on that machine, with nothing else going on
ROUNDS = 3
SLOWEST = 5.0  # the largest factor that is allowed
# `make test` runs other tests beside. A broken promise still shows: it is late by far.
LEAST = 1.0 if os.environ.get("THOROUGH") == "on" else 3.0


class Machine:
    """slack: the factor by which a time may exceed its promise now. most: the largest that it has been."""

    def __init__(self) -> None:
        self.slack = self.most = LEAST

    def look(self) -> None:
        """Measure how slow the machine is; takes some tenths of a second."""
        slowness = statistics.median(_seconds_of_work() / REFERENCE for _ in range(ROUNDS))
        self.slack = min(max(LEAST, slowness), max(LEAST, SLOWEST))
        self.most = max(self.most, self.slack)


machine = Machine()


def promised(seconds: float) -> float:
    """The seconds to allow here and now for something that is promised in `seconds`."""
    return machine.slack * seconds


def _seconds_of_work() -> float:
    command = [sys.executable, "-I", "-S", "-c", WORK]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        for _ in range(os.cpu_count() or 1)
    ]
    return statistics.mean(float(worker.communicate()[0]) for worker in workers)
