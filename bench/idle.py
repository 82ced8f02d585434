"""How long a comment takes from one page to another when nothing else is going on."""

from __future__ import annotations

import random
import time

from bench.errors import BenchError
from bench.fanout import Crowd
from bench.figures import Idle, Spread
from bench.servers import Server
from bench.swarm import Swarm

SAMPLES = 100
WARM_UP = 10
GAP = 0.02, 0.08  # s between two comments, drawn at random: they must not be in step with the server's timers
PATIENCE = 5.0  # s


def measure_idle(server: Server, crowd: Crowd) -> Idle:
    """Post one comment at a time, and wait until the other reader has it."""
    took: list[int] = []
    with (
        Swarm(server.port, crowd.path, crowd.headers[:1], greeting=crowd.greeting) as poster,
        Swarm(server.port, crowd.path, crowd.headers[-1:], greeting=crowd.greeting) as reader,
    ):
        poster.open()
        reader.open()
        reader.run(1.5)
        for _ in range(WARM_UP + SAMPLES):
            reader.count_from_now()
            poster.send(0, crowd.make_post())
            reader.run(PATIENCE, until=lambda: bool(reader.latencies))
            if not reader.latencies:
                raise BenchError(f"a comment did not arrive within {PATIENCE:g} s")
            took.append(reader.latencies[0])
            poster.turn(0)
            time.sleep(random.uniform(*GAP))  # noqa: S311 - no secret
    return Idle(SAMPLES, Spread.of(took[WARM_UP:]))
