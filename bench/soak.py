"""Many readers come, hear comments and go, for a long time: does the server's memory stay as it is?"""

from __future__ import annotations

import statistics
import time

from bench.errors import BenchError
from bench.fanout import Crowd
from bench.figures import Soak
from bench.servers import Server
from bench.swarm import Swarm

WAVE = 200  # sockets that come together and go together
POSTS = 4  # comments while a wave is there
TENTH = 10  # parts of the soak: memory of the second is compared with the last's; the first warms up
PATIENCE = 30.0  # s for a wave to hear of the comments


def measure_soak(server: Server, posters: Crowd, reader: Crowd, joins: int) -> Soak:
    """Have waves of readers come, hear some comments and go, until so many have joined.

    Raises BenchError where a comment does not reach a whole wave, or there is no /proc to tell memory.
    """
    samples: list[float] = []
    posted, began = 0, time.monotonic()
    with Swarm(server.port, posters.path, posters.headers, greeting=posters.greeting) as writing:
        writing.open()
        for _ in range(joins // WAVE):
            with Swarm(server.port, reader.path, reader.headers[:WAVE], greeting=reader.greeting) as readers:
                readers.open()
                for number in range(POSTS):
                    writing.send((posted + number) % posters.posters, posters.make_post())
                posted += POSTS
                _run_both(writing, readers)
            usage = server.usage()
            if usage is None:
                raise BenchError("There is no /proc here: memory can't be measured.")
            samples.append(usage.memory)
    part = max(1, len(samples) // TENTH)
    return Soak(
        joins=len(samples) * WAVE,
        posts=posted,
        seconds=time.monotonic() - began,
        before_mb=statistics.median(samples[part : 2 * part] or samples) / 1e6,
        after_mb=statistics.median(samples[-part:]) / 1e6,
        most_mb=max(samples) / 1e6,
    )


def _run_both(writing: Swarm, readers: Swarm) -> None:
    """Run both until every reader of the wave has heard all that is posted while it is connected."""
    deadline = time.monotonic() + PATIENCE
    while len(readers.latencies) < POSTS * WAVE:
        readers.turn(0.01)
        writing.turn(0)
        if time.monotonic() > deadline:
            raise BenchError(f"only {len(readers.latencies)} of {POSTS * WAVE} deliveries in {PATIENCE:g} s")
