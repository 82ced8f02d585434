"""How busy server and load client were during a stretch of time."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from bench.figures import Share
from bench.machine import get_core_time, get_usage
from bench.servers import Server


@dataclass(frozen=True)
class Moment:
    """The clocks at one moment, in seconds; None for one that this machine does not have."""

    wall: float
    client: float
    server: float | None
    ours: float | None  # client, server and databases together
    client_core: float | None
    server_core: float | None


class Stopwatch:
    """Measures from the moment at which it is made; it can be asked any number of times."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._began = self._look()

    def server_cpu(self) -> float | None:
        """CPU seconds that the server has used since the beginning."""
        return _difference(self._began.server, self._look().server)

    def shares(self) -> tuple[Share | None, Share]:
        """How much of their cores server and client used since the beginning."""
        began, now = self._began, self._look()
        wall = now.wall - began.wall
        client = now.client - began.client
        server = _difference(began.server, now.server)
        if server is None:
            return None, Share(client / wall, 0.0, 0.0)
        databases = (_difference(began.ours, now.ours) or 0.0) - client - server
        beside = databases if self._server.cores.services == self._server.cores.client else 0.0
        return (
            _share(server, 0.0, _difference(began.server_core, now.server_core), wall),
            _share(client, max(0.0, beside), _difference(began.client_core, now.client_core), wall),
        )

    def _look(self) -> Moment:
        server, ours = self._server.usage(), get_usage(os.getpid())
        return Moment(
            wall=time.monotonic(),
            client=time.process_time(),
            server=None if server is None else server.cpu,
            ours=None if ours is None else ours.cpu,
            client_core=get_core_time(self._server.cores.client),
            server_core=get_core_time(self._server.cores.server),
        )


def _share(busy: float, databases: float, core: float | None, wall: float) -> Share:
    others = 0.0 if core is None else max(0.0, core - busy - databases)
    return Share(busy / wall, databases / wall, others / wall)


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before
