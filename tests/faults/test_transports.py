"""Sockets, streams and polling give readers the same, through proxies that refuse and that buffer."""

from __future__ import annotations

import asyncio
from functools import partial

import httpx
import pytest

from tests.faults.conftest import NewCluster
from tests.faults.crowd import Crowd, name
from tests.faults.fallbacks import PollReader, StreamReader
from tests.faults.notes import Note
from tests.realtime.scene import scene_of
from tests.realtime.stage import KEPT
from tests.services.http_proxy import HttpProxy, Mode, http_proxy
from tests.services.waiting import wait_until

OF_EACH = 50  # readers


@pytest.mark.promise(17)
@pytest.mark.thorough
@scene_of(480)
async def test_readers_on_every_transport_agree_after_a_worker_died(
    new_cluster: NewCluster, notes: Note
) -> None:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=KEPT)
    with http_proxy() as refusing, http_proxy() as buffering:
        async with (
            new_cluster() as cluster,
            httpx.AsyncClient(trust_env=False, limits=limits) as http,
            cluster.stage.audience() as audience,
        ):
            for proxy, mode in ((refusing, Mode.REFUSE), (buffering, Mode.BUFFER)):
                proxy.target, proxy.mode = cluster.proxy.port, mode
            for number in range(OF_EACH):
                who, headers = name(number), cluster.stage.headers(name(number))
                audience.reader(who, comes_back=True)
                audience.readers.append(StreamReader(refusing.url, audience.slug, http, headers=headers))
                audience.readers.append(PollReader(buffering.url, audience.slug, http, headers=headers))
            crowd = Crowd(audience, audience.readers)
            await crowd.come()
            async with crowd.posting():
                await crowd.posts(50)
                cluster.kill_worker(0)
                await crowd.posts(100)
            notes.verdict, notes.recovery = await crowd.settle(), crowd.recoveries

            assert notes.verdict.is_clean, notes.verdict
            assert notes.recovery.count >= OF_EACH / 2
            for proxy, way in ((refusing, "/events/"), (buffering, "wait=")):
                await asyncio.to_thread(
                    wait_until, partial(all_are_on, proxy, way), what=f"all being on {way}"
                )


def all_are_on(proxy: HttpProxy, way: str) -> bool:
    """Whether each of its readers has a request there; who got an answer just now comes back with another."""
    return proxy.running(way) == OF_EACH
