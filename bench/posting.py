"""How many comments are stored and acknowledged when each poster sends the next as soon as the last is in."""

from __future__ import annotations

import time

from bench.fanout import Crowd
from bench.figures import Posting, Spread
from bench.servers import Server
from bench.stopwatch import Stopwatch
from bench.swarm import Connection, Swarm

ACK, ERROR = b'"type":"ack"', b'"type":"error"'
WARM_UP = 1.0  # s


def measure_posting(server: Server, crowd: Crowd, seconds: float) -> Posting:
    """Let everybody of the crowd post for `seconds`."""
    sent_at: dict[int, int] = {}
    took: list[int] = []
    errors = 0
    posting = True

    def post(connection: Connection) -> None:
        sent_at[connection.number] = time.monotonic_ns()
        swarm.send(connection.number, crowd.make_post())

    def on_frame(connection: Connection, payload: bytes) -> None:
        nonlocal errors
        if ACK in payload:
            took.append(time.monotonic_ns() - sent_at[connection.number])
        elif ERROR in payload:
            errors += 1
        else:
            return
        if posting:
            post(connection)

    with Swarm(server.port, crowd.path, crowd.headers, greeting=crowd.greeting, on_frame=on_frame) as swarm:
        swarm.open()
        swarm.run(1.0)
        for connection in swarm.connections:
            post(connection)
        swarm.run(WARM_UP)
        took.clear()
        errors = 0
        watch = Stopwatch(server)
        began = time.monotonic()
        swarm.run(seconds)
        wall = time.monotonic() - began
        server_share, client_share = watch.shares()
        acks, spread = len(took), Spread.of(took)
        posting = False
        swarm.run(2.0, until=lambda: len(took) >= acks + len(crowd.headers))
    return Posting(len(crowd.headers), acks, acks / wall, spread, errors, server_share, client_share)
