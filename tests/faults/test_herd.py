"""A thousand sockets are cut off, a hundred comments are written, and all sockets come back at once."""

from __future__ import annotations

import asyncio
import math
import re
from dataclasses import dataclass

import pytest

from bench.fanout import Crowd
from bench.figures import Herd
from bench.herd import MISSED, measure_arrival, measure_herd
from bench.machine import Cores, allow_many_files
from bench.run import WELCOME
from bench.servers import Server
from bench.texts import site_post
from tests.faults.cluster import Cluster
from tests.faults.conftest import NewCluster
from tests.faults.crowd import MEMBERS, name
from tests.faults.figures import Spread
from tests.faults.notes import Note
from tests.realtime.scene import scene_of
from tests.services.postgres import PostgresServer

SOCKETS = 1000
MOST_TIMES = 1.5  # the factor by which coming back may exceed coming with nothing missed, in time and in CPU
TRIES = 3  # other work on the machine may disturb one of the two and not the other
STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]*): (SELECT|INSERT|UPDATE|DELETE)")


@dataclass(frozen=True)
class Comeback:
    """A herd, and the same sockets before and after it, when they come, ask once and have missed nothing.

    The slower of the two counts. queries: of the server, for each socket of the herd.
    """

    herd: Herd
    queries: float
    arrivals: tuple[Herd, Herd]

    @property
    def times(self) -> float:
        """The factor by which the herd takes longer than they do when they have missed nothing."""
        return self.herd.current.most / max(each.current.most for each in self.arrivals)

    @property
    def cost(self) -> float | None:
        """The same factor for the server's CPU; None where the system does not tell it."""
        cpu = max(each.cpu_ms or 0.0 for each in self.arrivals)
        return self.herd.cpu_ms / cpu if self.herd.cpu_ms and cpu else None

    @property
    def is_as_promised(self) -> bool:
        return self.times <= MOST_TIMES and (self.cost is None or self.cost <= MOST_TIMES)

    def note_in(self, notes: Note) -> None:
        ms = self.herd.current
        notes.recovery = Spread(SOCKETS, *(each / 1000 for each in (ms.p50, ms.p95, ms.p99, ms.most)))
        notes.remark = (
            f"{self.times:.1f} times as long as with nothing missed, "
            f"{self.cost or math.nan:.1f} times the CPU; "
            f"{self.queries:.2f} queries and {self.herd.requests / SOCKETS:.2f} requests each"
        )


@pytest.mark.promise(12)
@pytest.mark.thorough
@scene_of(600)
async def test_a_thousand_come_back_at_once(
    new_cluster: NewCluster, postgres_server: PostgresServer, notes: Note
) -> None:
    allow_many_files()
    async with new_cluster(processes=1, each={0: {"WORKERS": "2"}}) as cluster:
        crowd = crowd_of(cluster)
        for _ in range(TRIES):
            comeback = await asyncio.to_thread(come_and_come_back, cluster, crowd, postgres_server)
            comeback.note_in(notes)

            assert comeback.herd.missed == MISSED
            assert comeback.herd.incomplete == 0
            assert comeback.herd.requests == SOCKETS
            assert comeback.queries <= 3
            if comeback.is_as_promised:
                break

        assert comeback.is_as_promised, notes.remark


def come_and_come_back(cluster: Cluster, crowd: Crowd, postgres: PostgresServer) -> Comeback:
    """All come at once and miss nothing; are cut off, miss 100 comments and come back; come once more."""
    server, slug = server_of(cluster), crowd.path.split("/")[-2]
    logged = 0

    def mark() -> Server:
        """They are about to come back."""
        nonlocal logged
        postgres.set("log_statement", "all")
        logged = len(postgres.log())
        return server

    before = measure_arrival(server, crowd, slug)
    herd = measure_herd(server, crowd, slug, "all sockets cut", mark)
    postgres.set("log_statement", "none")
    queries = len(STATEMENT.findall(postgres.log(), logged)) / SOCKETS
    return Comeback(herd, queries, (before, measure_arrival(server, crowd, slug)))


def server_of(cluster: Cluster) -> Server:
    return Server(cluster.servers[0].port, cluster.servers[0].process.pid, Cores(None, None, None))


def crowd_of(cluster: Cluster) -> Crowd:
    headers = [cluster.stage.headers(name(number)) for number in range(MEMBERS)]
    slug = cluster.stage.new_article()
    return Crowd(
        who="the site",
        path=f"/ws/article/{slug}/",
        headers=headers + [{} for _ in range(SOCKETS - MEMBERS)],
        posters=MEMBERS,
        make_post=site_post,
        greeting=WELCOME,
    )
