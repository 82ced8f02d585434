"""A committed comment arrives although the process that committed it died before the announcement."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from tests.faults.conftest import NewCluster
from tests.faults.hurry import promised
from tests.faults.notes import Note
from tests.faults.verdict import Acked
from tests.realtime.scene import scene_of
from tests.services.dying import dying_before_announcements

TIMES = 3


@pytest.mark.promise(2)
@scene_of(480)
async def test_a_process_dies_between_its_commit_and_its_announcement(
    new_cluster: NewCluster, notes: Note
) -> None:
    clock = asyncio.get_running_loop().time
    async with new_cluster(each={0: dying_before_announcements("1")}) as cluster, cluster.crowd() as crowd:
        writer = crowd.audience.reader("alice", url=cluster.servers[0].url, comes_back=True)
        await writer.open()
        for number in range(TIMES):
            ref, begun = uuid.uuid4(), clock()
            ack = await writer.post(f"Last words, {number}.", ref=str(ref))
            assert ack["duplicate"], "the process that wrote it did not live to acknowledge it"
            crowd.acked[ref.hex] = Acked(ack["id"], ack["seq"], begun)
        notes.verdict, notes.recovery = await crowd.settle(), crowd.delays

        assert notes.verdict.is_clean, notes.verdict
        assert notes.recovery.most <= promised(5)
        assert writer.connections == TIMES + 1
