"""A thousand sockets are cut off, a hundred comments go on, and all come back at once."""

from __future__ import annotations

import asyncio
import re

import pytest

from bench.fanout import Crowd
from bench.herd import MISSED, measure_herd
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
STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]*): (SELECT|INSERT|UPDATE|DELETE)")


@pytest.mark.promise(12)
@pytest.mark.thorough
@scene_of(180)
async def test_a_thousand_come_back_at_once(
    new_cluster: NewCluster, postgres_server: PostgresServer, notes: Note
) -> None:
    allow_many_files()
    async with new_cluster(processes=1, each={0: {"WORKERS": "2"}}) as cluster:
        crowd = crowd_of(cluster)
        server = Server(cluster.servers[0].port, cluster.servers[0].process.pid, Cores(None, None, None))
        logged = 0

        def mark() -> Server:
            """They are about to come back."""
            nonlocal logged
            postgres_server.set("log_statement", "all")
            logged = len(postgres_server.log())
            return server

        slug = crowd.path.split("/")[-2]
        herd = await asyncio.to_thread(measure_herd, server, crowd, slug, "all sockets cut", mark)
        postgres_server.set("log_statement", "none")
        queries = len(STATEMENT.findall(postgres_server.log(), logged)) / SOCKETS
        spread = herd.current
        notes.recovery = Spread(
            SOCKETS, *(ms / 1000 for ms in (spread.p50, spread.p95, spread.p99, spread.most))
        )
        notes.remark = f"{queries:.2f} queries and {herd.requests / SOCKETS:.2f} requests each"

        assert herd.missed == MISSED
        assert herd.incomplete == 0
        assert herd.current.most <= 10_000
        assert queries <= 3


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
