"""Readers are cut off, miss comments, and all come back at once: how long until each has everything."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

from bench.errors import BenchError
from bench.fanout import Crowd, post_steadily
from bench.figures import Herd, Spread
from bench.servers import Server
from bench.stopwatch import Stopwatch
from bench.swarm import Connection, Swarm

MISSED = 100
RATE = 100  # comments per second while only the posters are connected
PATIENCE = 120.0  # s


def measure_herd(
    server: Server, crowd: Crowd, slug: str, what: str, restart: Callable[[], Server] | None = None
) -> Herd:
    """Cut all readers, post MISSED comments, perhaps restart the server, and let all come back at once."""
    with Swarm(server.port, crowd.path, crowd.headers, greeting=crowd.greeting) as before:
        known = _position_when_open(before)
    with Swarm(server.port, crowd.path, crowd.headers[: crowd.posters], greeting=crowd.greeting) as posters:
        posters.open()
        posted = post_steadily(posters, crowd, RATE, MISSED / RATE)
        posters.run(PATIENCE, until=lambda: len(posters.latencies) >= posted * crowd.posters)
    if restart is not None:
        server = restart()
    return Return(server, crowd, slug, known, posted).measure(what)


def measure_arrival(server: Server, crowd: Crowd, slug: str) -> Herd:
    """Let all come at once who miss nothing, and ask all the same: a handshake and a request each."""
    return Return(server, crowd, slug, known=None, missed=0).measure("nothing missed")


def _position_when_open(swarm: Swarm) -> int:
    """Open all sockets; returns the number of the last change that they know."""
    positions: list[int] = []
    swarm.on_ready = lambda _, payload: positions.append(json.loads(payload)["seq"])
    swarm.open()
    return max(positions)


class Return:
    """A crowd that comes back.

    known: the number up to which its members know the changes; None where they know all of them.
    """

    def __init__(self, server: Server, crowd: Crowd, slug: str, known: int | None, missed: int) -> None:
        self._server, self._crowd, self._slug = server, crowd, slug
        self._known, self._missed = known, missed
        self._swarm = Swarm(
            server.port, crowd.path, crowd.headers, greeting=crowd.greeting, on_ready=self._welcomed
        )
        self._connected: list[int] = []
        self._current: list[int] = []
        self._requests = self._incomplete = 0
        self._read: dict[bytes, tuple[int, int, bool]] = {}  # the same answer is parsed once

    def measure(self, what: str) -> Herd:
        """Let all come at once, and wait until the last is current."""
        total = len(self._crowd.headers)
        watch = Stopwatch(self._server)
        with self._swarm as swarm:
            self._began = time.monotonic_ns()
            swarm.open_some(total)
            swarm.run(PATIENCE, until=lambda: len(self._current) >= total or bool(self._swarm.closed))
            cpu = watch.server_cpu()
        if swarm.closed:
            raise BenchError(
                f"sockets that came back were closed again (number by code): {dict(swarm.closed)}"
            )
        if len(self._current) < total:
            raise BenchError(
                f"only {len(self._current)} of {total} sockets were current after {PATIENCE:g} s"
            )
        return Herd(
            what=what,
            sockets=total,
            missed=self._missed,
            current=Spread.of(self._current),
            connected=Spread.of(self._connected),
            requests=self._requests,
            incomplete=self._incomplete,
            cpu_ms=None if cpu is None else 1000 * cpu / total,
        )

    def _welcomed(self, _: Connection, payload: bytes) -> None:
        self._connected.append(time.monotonic_ns() - self._began)
        welcome = json.loads(payload)
        head = welcome["seq"]
        self._ask(welcome["epoch"], head if self._known is None else self._known, head, 0)

    def _ask(self, epoch: str, known: int, head: int, changes: int) -> None:
        """Ask for what is missing until `head` is reached, as a page does."""
        self._requests += 1
        query = urlencode({"after": known, "epoch": epoch})

        def answered(status: int, body: bytes) -> None:
            if status != 200:
                raise BenchError(f"the history was answered with {status}: {body[:300]!r}")
            if body not in self._read:
                answer = json.loads(body)
                self._read[body] = (answer["seq"], len(answer["changes"]), answer["reset"])
            seq, more, reset = self._read[body]
            if reset:
                raise BenchError("the history asked to start again from a snapshot")
            found = changes + more
            if seq < head:
                self._ask(epoch, seq, head, found)
                return
            self._current.append(time.monotonic_ns() - self._began)
            self._incomplete += found != self._missed

        self._swarm.fetch(f"/api/articles/{self._slug}/history/?{query}", answered)
