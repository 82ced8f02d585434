"""Redis restarts, forgets everything, freezes, is cut off, or was never there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.faults.beside import health, posting_over_http
from tests.faults.cluster import Cluster
from tests.faults.conftest import NewCluster
from tests.faults.crowd import Crowd
from tests.faults.figures import Spread
from tests.faults.hurry import promised
from tests.faults.notes import Note
from tests.realtime.faults import live_again
from tests.realtime.scene import scene_of
from tests.services.ports import free_port
from tests.services.proxy import proxy_to
from tests.services.redis import RedisServer

LIVE_AGAIN = 10.0  # s


async def is_live_again(crowd: Crowd, cluster: Cluster) -> None:
    """Wait until the channel layer carries comments to every process."""
    tabs = [await crowd.audience.join("alice", url=server.url) for server in cluster.servers]
    await live_again(*tabs, within=promised(LIVE_AGAIN))


@pytest.mark.promise(5)
@scene_of(480)
async def test_redis_is_restarted_and_flushed(new_cluster: NewCluster, notes: Note) -> None:
    async with new_cluster() as cluster, cluster.crowd() as crowd:
        async with posting_over_http(crowd) as answers:
            for fault in (cluster.redis.restart, cluster.redis.flush):
                async with crowd.posting():
                    await crowd.posts(30)
                    await asyncio.to_thread(fault)
                    await crowd.posts(30)
                await is_live_again(crowd, cluster)
        notes.verdict, notes.recovery = await crowd.settle(), crowd.delays

        assert notes.verdict.is_clean, notes.verdict
        assert crowd.refusals == []
        assert {answer.status for answer in answers} == {201}
        assert notes.recovery.most <= promised(LIVE_AGAIN)


@pytest.mark.promise(6)
@pytest.mark.thorough
@scene_of(480)
async def test_redis_is_frozen_for_half_a_minute(new_cluster: NewCluster, notes: Note) -> None:
    async with new_cluster() as cluster, cluster.crowd() as crowd:
        async with posting_over_http(crowd) as answers, health(cluster) as looks, crowd.posting():
            await crowd.posts(30)
            cluster.redis.pause()
            await asyncio.sleep(30)  # this long it is frozen
            cluster.redis.resume()
            await crowd.posts(50)
        await is_live_again(crowd, cluster)
        notes.verdict, notes.recovery = await crowd.settle(), crowd.delays
        waits = Spread.of([*crowd.waits, *(answer.seconds for answer in answers)])
        longest = max(look.seconds for look in looks)
        notes.remark = f"post p99 {waits.p99:.2f} s, healthz at most {longest:.2f} s"

        assert notes.verdict.is_clean, notes.verdict
        assert crowd.refusals == []
        assert {answer.status for answer in answers} == {201}
        assert waits.p99 <= promised(2)
        assert {look.status for look in looks} == {200}
        assert longest <= promised(1)


@pytest.mark.promise(7)
@pytest.mark.thorough
@scene_of(480)
async def test_there_is_no_redis_from_start_to_end(new_cluster: NewCluster, notes: Note) -> None:
    nowhere = {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    async with new_cluster(redis=None, each={0: nowhere, 1: nowhere}) as cluster, cluster.crowd() as crowd:
        async with posting_over_http(crowd) as answers, crowd.posting():
            await crowd.posts(100)
        notes.verdict, notes.recovery = await crowd.settle(), crowd.delays

        assert notes.verdict.is_clean, notes.verdict
        assert {answer.status for answer in answers} == {201}
        assert notes.recovery.most <= promised(3)
        for server in cluster.servers:
            with server.client() as browser:
                assert browser.get(f"/articles/{crowd.audience.slug}/").status_code == 200
                assert browser.get("/readyz").json()["state"] == "degraded"
            with server.client("reader1") as browser:  # logs in by the form
                assert browser.get("/api/me/").json()["user"]["name"] == "reader1"


@pytest.mark.promise(8)
@pytest.mark.thorough
@scene_of(480)
async def test_one_process_loses_its_redis_without_being_told(
    new_cluster: NewCluster, new_redis: Callable[[], RedisServer], notes: Note
) -> None:
    redis = await asyncio.to_thread(new_redis)
    async with proxy_to(redis.port) as network:
        there = {"REDIS_URL": f"redis://127.0.0.1:{network.port}/0"}
        async with new_cluster(redis=redis, each={0: there}) as cluster, cluster.crowd() as crowd:
            async with crowd.posting(5):
                await crowd.posts(20)
                network.blackhole()
                await asyncio.sleep(60)  # this long it is lost
                network.heal()
                await crowd.posts(30)
            await is_live_again(crowd, cluster)
            notes.verdict, notes.recovery = await crowd.settle(), crowd.delays

            assert notes.verdict.is_clean, notes.verdict
            assert crowd.refusals == []
            assert notes.recovery.most <= promised(5)
