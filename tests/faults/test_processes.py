"""Processes die or are told to end, and no acknowledged comment is lost."""

from __future__ import annotations

import pytest

from tests.faults.conftest import NewCluster
from tests.faults.hurry import promised
from tests.faults.notes import Note
from tests.realtime.scene import scene_of


@pytest.mark.promise(1)
@scene_of(480)
async def test_workers_are_killed_twice_while_200_post(new_cluster: NewCluster, notes: Note) -> None:
    async with new_cluster() as cluster, cluster.crowd() as crowd:
        async with crowd.posting():
            await crowd.posts(30)
            cluster.kill_worker(0)
            await crowd.posts(50)
            cluster.kill_worker(1)
            await crowd.posts(50)
        notes.verdict, notes.recovery = await crowd.settle(), crowd.recoveries

        assert notes.verdict.is_clean, notes.verdict
        assert notes.recovery.count >= 100
        assert notes.recovery.p95 <= promised(5)
        assert notes.recovery.most <= promised(15)


@pytest.mark.promise(13)
@scene_of(480)
async def test_one_server_after_the_other_is_replaced_while_200_post(
    new_cluster: NewCluster, notes: Note
) -> None:
    async with new_cluster() as cluster, cluster.crowd() as crowd:
        async with crowd.posting():
            for number in range(len(cluster.servers)):
                await crowd.posts(30)
                status, seconds = await cluster.stop(number)
                assert status == 0
                assert seconds <= promised(30)
                await cluster.start(number)
            await crowd.posts(30)
        notes.verdict, notes.recovery = await crowd.settle(), crowd.recoveries

        assert notes.verdict.is_clean, notes.verdict
        byes = [bye for reader in crowd.readers for bye in reader.of_type("bye")]
        assert {bye["code"] for bye in byes} == {4000}
        assert len(byes) >= len(crowd.readers)
        assert len({bye["retry_after"] for bye in byes}) > 10
        assert notes.recovery.count == len(byes), "nobody was cut off without a bye"
