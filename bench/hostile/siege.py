"""A site under attack beside the same site in quiet, in turns of one run."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bench.figures import percentile
from bench.hostile.others import Others, Stretch
from bench.machine import get_usage, get_workers
from bench.processes import ROOT

PEOPLE = 30  # writers: at the rate of the others, each of them stays within an author's limit
PATIENCE = 60.0  # s for the attacking process to begin or end something


@dataclass(frozen=True)
class Outcome:
    """One attack. quiet: the stretches just before and just after it. tally: what the attacker was answered.

    workers: their process ids before and after. memory: bytes of all workers before, at most, and after.
    cpu: seconds that the server used in a second of quiet and of attack.
    """

    attack: str
    quiet: Stretch
    under: Stretch
    tally: Mapping[str, int]
    workers: tuple[list[int], list[int]]
    memory: tuple[int, int, int]
    cpu: tuple[float, float]

    @property
    def post_later(self) -> float:
        """Seconds by which a post came later under attack than in quiet, at the 95th percentile."""
        return p95(self.under.posts) - p95(self.quiet.posts)

    @property
    def page_later(self) -> float:
        """The same of a page."""
        return p95(self.under.pages) - p95(self.quiet.pages)

    @property
    def replaced_a_worker(self) -> bool:
        before, after = self.workers
        return before != after


def p95(seconds: list[float]) -> float:
    return percentile(sorted(seconds), 0.95)


class Siege:
    """One server, its supervisor's process id, the others and the hostile address."""

    def __init__(self, supervisor: int, others: Others, attacker: Process) -> None:
        self._supervisor, self._others, self._attacker = supervisor, others, attacker
        self._quiet = Stretch(), 0.0  # the last stretch of quiet

    async def rest(self, seconds: float) -> None:
        """A stretch of quiet, with which the next attack is compared."""
        self._quiet = await self._stretch(seconds)

    async def run(self, attack: str, seconds: float) -> Outcome:
        """A stretch under attack, and one of quiet. The stretch before is that after the attack before."""
        workers, memory = self.workers, self.memory
        before, quiet_cpu = self._quiet
        await self.tell(attack)
        watching = asyncio.create_task(self._watch())
        under, cpu = await self._stretch(seconds)
        tally = await self.tell("")
        watching.cancel()
        await self.rest(seconds)
        return Outcome(
            attack=attack,
            quiet=before + self._quiet[0],
            under=under,
            tally=tally,
            workers=(workers, self.workers),
            memory=(memory, self._most, self.memory),
            cpu=(quiet_cpu, cpu),
        )

    @property
    def workers(self) -> list[int]:
        """The process ids of the workers."""
        return get_workers(self._supervisor)

    @property
    def memory(self) -> int:
        """Bytes that the supervisor and the workers hold now; 0 where the system does not say it."""
        usage = get_usage(self._supervisor)
        return 0 if usage is None else usage.memory

    async def tell(self, attack: str) -> dict[str, int]:
        """Begin an attack, or only end the one before; returns what that one was answered."""
        assert self._attacker.stdin is not None and self._attacker.stdout is not None  # noqa: S101
        self._attacker.stdin.write(f"{attack}\n".encode())
        async with asyncio.timeout(PATIENCE):
            line = await self._attacker.stdout.readline()
        tally: dict[str, int] = json.loads(line)
        return tally

    async def _stretch(self, seconds: float) -> tuple[Stretch, float]:
        clock = asyncio.get_running_loop().time
        began, cpu = clock(), self._cpu()
        stretch = await self._others.during(seconds)
        return stretch, (self._cpu() - cpu) / (clock() - began)

    async def _watch(self) -> None:
        self._most = 0
        while True:
            self._most = max(self._most, self.memory)
            await asyncio.sleep(0.05)

    def _cpu(self) -> float:
        usage = get_usage(self._supervisor)
        return 0.0 if usage is None else usage.cpu


@asynccontextmanager
async def besieged(port: int, supervisor: int, prepared: Mapping[str, Any]) -> AsyncIterator[Siege]:
    """The others have come, and the hostile address waits. prepared: what bench.hostile.prepare printed."""
    *tokens, hostile = prepared["tokens"]
    target = {"port": port, "slug": prepared["slug"], "large": prepared["large"], "token": hostile}
    attacker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.hostile", json.dumps(target), cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    try:
        async with Others(port, prepared["slug"], tokens) as others:
            yield Siege(supervisor, others, attacker)
    finally:
        if attacker.returncode is None:
            attacker.kill()
        await attacker.wait()
