"""A client that got no answer sends again, and nothing is stored twice."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from tests.faults.conftest import NewCluster
from tests.faults.crowd import Crowd, name
from tests.faults.notes import Note
from tests.realtime.client import Reader
from tests.realtime.scene import scene_of
from tests.services.waiting import wait_until

LOST, AT_ONCE = 100, 50  # comments


@pytest.mark.promise(3)
@scene_of(480)
async def test_acks_are_lost_and_the_same_ref_comes_on_every_way(
    new_cluster: NewCluster, notes: Note
) -> None:
    async with new_cluster() as cluster, cluster.crowd() as crowd:
        urls = [server.url for server in cluster.servers]
        refs = {reader: str(uuid.uuid4()) for reader in crowd.readers[:LOST]}
        cluster.proxy.mute()
        posting = [asyncio.create_task(crowd.post(r, "Heard?", ref=ref)) for r, ref in refs.items()]
        await until_stored(crowd, LOST)
        assert not crowd.acked
        cluster.proxy.heal()
        # Their sockets come back with the ref while it also comes over HTTP, to both processes.
        over_http = [answers_over_http(crowd, reader, ref, urls) for reader, ref in refs.items()]
        cluster.proxy.cut()
        for ack, others in zip(await asyncio.gather(*posting), await asyncio.gather(*over_http), strict=True):
            assert (ack["duplicate"], others) == (True, [(200, ack["id"])] * 2)

        await asyncio.gather(*(everywhere_at_once(crowd, r, urls) for r in crowd.readers[-AT_ONCE:]))
        notes.verdict, notes.recovery = await crowd.settle(), crowd.recoveries
        assert notes.verdict.is_clean, notes.verdict
        assert notes.verdict.comments == LOST + AT_ONCE


async def until_stored(crowd: Crowd, count: int) -> None:
    def stored() -> bool:
        return len(crowd.audience.truth().comments) >= count

    await asyncio.to_thread(wait_until, stored, within=90, what="all being stored")


async def answers_over_http(crowd: Crowd, reader: Reader, ref: str, urls: list[str]) -> list[tuple[int, str]]:
    who = name(crowd.readers.index(reader))
    answers = await asyncio.gather(*(crowd.post_over_http(who, "Heard?", ref, url=url) for url in urls))
    return [(answer.status_code, answer.json()["id"]) for answer in answers]


async def everywhere_at_once(crowd: Crowd, reader: Reader, urls: list[str]) -> None:
    """The same new comment over a socket and over HTTP to both processes: one of the three wrote it."""
    ref = str(uuid.uuid4())
    ack, others = await asyncio.gather(
        crowd.post(reader, "Heard?", ref=ref), answers_over_http(crowd, reader, ref, urls)
    )
    assert {key for _, key in others} == {ack["id"]}
    written = [not ack["duplicate"], *(status == 201 for status, _ in others)]
    assert sum(written) == 1
