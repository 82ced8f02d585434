"""Nothing falls between the page, as the server rendered it, and the socket that keeps it current."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

import pytest

from tests.faults.cluster import Cluster
from tests.faults.conftest import NewCluster
from tests.faults.notes import Note
from tests.faults.verdict import Verdict
from tests.realtime.client import Reader
from tests.realtime.scene import scene_of
from tests.realtime.stage import Audience

ARTICLES, COMMENTS = 25, 40  # a page holds no more than 50
AT_A_TIME = 5  # articles
WRITERS, VISITORS = 2, 2  # of each
DELAY = 0.01  # s that everything takes longer, each way


@dataclass
class Visits:
    """Those who opened a page: how many they were, what came in between for them, and what they lost."""

    visitors: int = 0
    between: int = 0
    lost: int = 0


@pytest.mark.promise(18)
@pytest.mark.thorough
@scene_of(240)
async def test_a_thousand_comments_between_render_and_subscribe(new_cluster: NewCluster, notes: Note) -> None:
    chance = random.Random(18)  # noqa: S311 - only when they come
    visits = Visits()
    async with new_cluster() as cluster:
        cluster.proxy.delay = DELAY
        for _ in range(ARTICLES // AT_A_TIME):
            await asyncio.gather(*(visit_an_article(cluster, chance, visits) for _ in range(AT_A_TIME)))
    notes.verdict = Verdict(clients=visits.visitors, comments=ARTICLES * COMMENTS, lost=visits.lost)
    notes.remark = f"{visits.between} times a comment came in between"

    assert visits.lost == 0
    assert visits.visitors >= ARTICLES * 10
    assert visits.between >= ARTICLES * 10


async def visit_an_article(cluster: Cluster, chance: random.Random, visits: Visits) -> None:
    """Comments at random moments, while people open the page."""
    async with cluster.crowd(WRITERS) as crowd:
        visitors: list[Reader] = []
        done = asyncio.Event()

        async def keep_visiting() -> None:
            while not done.is_set():
                visitors.append(await open_page(crowd.audience, chance, visits))

        visiting = [asyncio.create_task(keep_visiting()) for _ in range(VISITORS)]
        for number in range(COMMENTS):
            await asyncio.sleep(chance.uniform(0, 0.06))
            await crowd.post(crowd.readers[number % WRITERS], f"{number}")
        done.set()
        await asyncio.gather(*visiting)
        for visitor in visitors:
            await visitor.reaches(COMMENTS)
            every = set(range(visitor.copy.began + 1, COMMENTS + 1))
            visits.lost += len(every - visitor.copy.known)
        visits.visitors += len(visitors)
        assert (await crowd.settle()).is_clean


async def open_page(audience: Audience, chance: random.Random, visits: Visits) -> Reader:
    """Read the page, and connect a random moment later."""
    reader = audience.reader()
    await reader.read_page()
    await asyncio.sleep(chance.uniform(0, 0.3))
    visits.between += (await reader.join())["seq"] - reader.copy.began
    return reader
