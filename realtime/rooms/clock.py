"""What a process does now and then. The time is an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from realtime.database import log_failure


@dataclass
class Job:
    """Something to do now and then. every: seconds from one time to the next, given the time that it is."""

    do: Callable[[float], None]
    every: Callable[[float], float]
    at: float = 0.0  # the next time

    def bring_forward(self, at: float) -> None:
        """Do it at this time, if that is sooner than the next one."""
        self.at = min(self.at, at)


class Clock:
    """Does jobs, in their order, when their time has come. One that fails stops none of the others."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []

    def add(self, do: Callable[[float], None], every: float | Callable[[float], float]) -> Job:
        """Do this from the next tick on, and then every so many seconds; 0 for at every tick."""
        job = Job(do, every if callable(every) else lambda _now: every)
        self._jobs.append(job)
        return job

    def tick(self, now: float) -> None:
        """Do what is due."""
        for job in self._jobs:
            if now >= job.at:
                job.at = now + job.every(now)
                try:
                    job.do(now)
                except Exception as error:  # it is tried again at its next time
                    log_failure(f"{job.do} failed", error)
