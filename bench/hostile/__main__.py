"""A hostile address as a process of its own, so that its work does not delay those who measure.

    python -m bench.hostile '{"port": 8000, "slug": "…", "large": "…", "token": "…"}'

It reads the names of attacks, one a line: an attack goes on until the next line, which is empty where only an
end is meant. After each line it prints the tally of what was going on before, as a JSON object.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys

from bench.hostile.attacker import Attacker
from bench.hostile.attacks import ATTACKS, EVERYTHING, everything
from bench.machine import allow_many_files

NICE = 10  # a real attacker would not work on the machine of the site


async def main(target: dict[str, object]) -> None:
    """Attack as the lines of standard input say."""
    attacker = Attacker(**target)  # type: ignore[arg-type]
    going_on: asyncio.Task[None] | None = None
    while line := await asyncio.to_thread(sys.stdin.readline):
        if going_on is not None:
            await _end(going_on)
        print(json.dumps(attacker.tally), flush=True)
        attacker.tally.clear()
        attack = {**ATTACKS, EVERYTHING: everything}.get(line.strip())
        going_on = None if attack is None else asyncio.create_task(attacker.go_on(attack))
    if going_on is not None:
        await _end(going_on)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    allow_many_files()
    os.nice(NICE)
    asyncio.run(main(json.loads(sys.argv[1])))
