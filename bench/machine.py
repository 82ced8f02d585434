"""What the machine says about processes, and which cores they may use."""

from __future__ import annotations

import os
import platform
import resource
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
HAS_PROC = (PROC / "self" / "stat").exists()
FILES = 16_384  # open files that client and server may want


@dataclass(frozen=True)
class Cores:
    """The cores of server, load client and databases; None where processes can't be bound to cores."""

    server: set[int] | None
    client: set[int] | None
    services: set[int] | None

    @property
    def told(self) -> str:
        if self.server is None:
            return "not bound to cores"
        databases = "beside the client" if self.services == self.client else f"on {_listed(self.services)}"
        return (
            f"server on core {_listed(self.server)}, client on {_listed(self.client)}, databases {databases}"
        )


def share_out_cores() -> Cores:
    """Give the server a core of its own, the load client another, and the databases the rest."""
    if not hasattr(os, "sched_getaffinity"):
        return Cores(None, None, None)
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return Cores(None, None, None)
    return Cores({cores[0]}, {cores[1]}, set(cores[2:]) or {cores[1]})


def bind(pid: int, cores: set[int] | None) -> None:
    """Let a process, and all that it starts from now on, run on these cores only. 0 is this process."""
    if cores is not None:
        os.sched_setaffinity(pid, cores)


def allow_many_files() -> None:
    """Raise the soft limit of open files, for this process and those that it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


@dataclass(frozen=True)
class Usage:
    """What a process and its children have used: CPU seconds (user and system), and bytes of memory now."""

    cpu: float
    memory: int


def get_usage(pid: int) -> Usage | None:
    """Return what a process and its descendants used until now; None where there is no /proc to say it."""
    if not HAS_PROC:
        return None
    pids = _family(pid)
    return Usage(
        cpu=sum(_cpu(each) for each in pids) / os.sysconf("SC_CLK_TCK"),
        memory=sum(_pages(each) for each in pids) * os.sysconf("SC_PAGE_SIZE"),
    )


def get_workers(pid: int) -> list[int]:
    """Return the processes that a supervisor has started, oldest first."""
    return _children(pid)


def get_core_time(cores: set[int] | None) -> float | None:
    """Return the seconds in which a core had work from any process.

    None where `cores` is not exactly one core, or there is no /proc to say it.
    """
    if cores is None or len(cores) != 1:
        return None
    (core,) = cores
    for line in (PROC / "stat").read_text().splitlines() if HAS_PROC else ():
        name, *ticks = line.split()
        if name == f"cpu{core}":
            user, nice, system, _idle, _iowait, *interrupts_and_steal = map(int, ticks[:8])
            return (user + nice + system + sum(interrupts_and_steal)) / os.sysconf("SC_CLK_TCK")
    return None


def describe() -> str:
    """Return one line about the machine and its Python."""
    model = platform.processor() or platform.machine()
    if (cpuinfo := PROC / "cpuinfo").exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(": ")[2] if names else model
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {sys.version.split()[0]}"


def get_load() -> float:
    """Return how many processes wanted a core in the last minute, which shows whether others were busy."""
    return os.getloadavg()[0]


def _family(pid: int) -> list[int]:
    return [pid, *(each for child in _children(pid) for each in _family(child))]


def _children(pid: int) -> list[int]:
    found = _lines(PROC.joinpath(str(pid), "task").glob("*/children"))
    return [int(child) for children in found for child in children.split()]


def _cpu(pid: int) -> int:
    # Fields 14 and 15 of proc(5), counted from behind the command's name, which may hold anything.
    fields = next(_lines([PROC / str(pid) / "stat"]), "").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]) if fields else 0


def _pages(pid: int) -> int:
    return int(next(_lines([PROC / str(pid) / "statm"]), "0 0").split()[1])


def _lines(paths: Iterable[Path]) -> Iterator[str]:
    """The first line of each file that is still there."""
    for path in paths:
        try:
            yield path.read_text().partition("\n")[0]
        except OSError:  # the process or thread has gone meanwhile
            continue


def _listed(cores: set[int] | None) -> str:
    return ", ".join(map(str, sorted(cores or ())))
