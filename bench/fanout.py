"""Comments posted at a steady rate on an article with many readers: delays, losses and the server's CPU."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.figures import FanOut, Spread
from bench.servers import Server
from bench.stopwatch import Stopwatch
from bench.swarm import Connection, Swarm

SETTLING = 1.5  # s after the last handshake, until presence has been shown to all
WARM_UP = (
    10  # posts in one second that don't count; few, so that a slow server has delivered them all by then
)
WARM_UP_PATIENCE = 15.0  # s
GRACE = 3.0  # s after the last post in which deliveries still count


@dataclass(frozen=True)
class Crowd:
    """A crowd of readers of one server: their headers, the path that they open, and what they post.

    headers: one for each socket; the first `posters` of them are those who post.
    """

    who: str
    path: str
    headers: Sequence[Mapping[str, str]]
    posters: int
    make_post: Callable[[], bytes]
    greeting: bytes | None = None


def measure_fanout(server: Server, crowd: Crowd, rate: float, seconds: float) -> FanOut:
    """Open the crowd's sockets and post `rate` comments a second for `seconds`."""
    errors = 0

    def on_frame(_: Connection, payload: bytes) -> None:
        nonlocal errors
        errors += b'"type":"error"' in payload

    with Swarm(server.port, crowd.path, crowd.headers, greeting=crowd.greeting, on_frame=on_frame) as swarm:
        swarm.open()
        swarm.run(SETTLING)
        warmed = post_steadily(swarm, crowd, WARM_UP, 1.0)
        swarm.run(WARM_UP_PATIENCE, until=lambda: len(swarm.latencies) >= warmed * len(crowd.headers))
        swarm.count_from_now()
        gc.collect()
        gc.disable()  # a pause of the client's would be measured as the server's
        try:
            watch = Stopwatch(server)
            began = time.monotonic_ns()
            posted = post_steadily(swarm, crowd, rate, seconds)
            server_share, client_share = watch.shares()
            swarm.run(GRACE, until=lambda: len(swarm.latencies) >= posted * len(crowd.headers))
            cpu = watch.server_cpu()
        finally:
            gc.enable()
        delivered = len(swarm.latencies)
        return FanOut(
            who=crowd.who,
            rate=rate,
            sockets=len(crowd.headers),
            posted=posted,
            delivered=delivered,
            doubled=swarm.doubled,
            per_second=delivered / max(seconds, (swarm.last_delivery - began) / 1e9),
            latency=Spread.of(swarm.latencies),
            cpu_us=None if cpu is None else 1e6 * cpu / max(1, delivered),
            server=server_share,
            client=client_share,
            errors=errors,
            closed=sum(swarm.closed.values()),
        )


def post_steadily(swarm: Swarm, crowd: Crowd, rate: float, seconds: float) -> int:
    """Post at this rate however slow the server is, each poster in turn; returns how many posts went out."""
    posts = round(rate * seconds)
    began = time.monotonic()
    sent = 0
    for number in range(posts):
        due = began + number / rate
        while (wait := due - time.monotonic()) > 0:
            swarm.turn(wait)
        sent += swarm.send(number % crowd.posters, crowd.make_post())
        swarm.turn(0)
    while (wait := began + seconds - time.monotonic()) > 0:
        swarm.turn(wait)
    return sent
