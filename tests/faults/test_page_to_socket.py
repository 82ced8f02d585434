"""Nothing falls between the page, as the server rendered it, and the socket that keeps it current."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

import pytest

from tests.faults.cluster import Cluster
from tests.faults.conftest import NewCluster
from tests.faults.crowd import Crowd
from tests.faults.notes import Note
from tests.faults.verdict import Verdict
from tests.realtime.client import Reader
from tests.realtime.scene import scene_of

ARTICLES, VISITS = 25, 20  # of each article
COMMENTS = 2 * VISITS  # on each article
AT_A_TIME = 5  # articles
VISITORS = 2  # at once, of each article, and as many writers
DELAY = 0.01  # s that everything takes longer, each way
JOINING = 0.06  # s that a socket takes to open here, or longer


@dataclass
class Visits:
    """Counts the visits: all of them, those with a comment in between, and the comments that were lost."""

    visitors: int = 0
    between: int = 0
    lost: int = 0


@pytest.mark.promise(18)
@pytest.mark.thorough
@scene_of(480)
async def test_a_thousand_comments_between_render_and_subscribe(new_cluster: NewCluster, notes: Note) -> None:
    """One of each two comes in between for certain, the other at a random moment while the socket opens."""
    chance = random.Random(18)  # noqa: S311 - it only draws moments
    visits = Visits()
    async with new_cluster() as cluster:
        cluster.proxy.delay = DELAY
        for _ in range(ARTICLES // AT_A_TIME):
            await asyncio.gather(*(visit_an_article(cluster, chance, visits) for _ in range(AT_A_TIME)))
    notes.verdict = Verdict(clients=visits.visitors, comments=ARTICLES * COMMENTS, lost=visits.lost)
    notes.remark = f"{visits.between} times a comment came in between"

    assert visits.visitors == ARTICLES * VISITS
    assert visits.lost == 0


async def visit_an_article(cluster: Cluster, chance: random.Random, visits: Visits) -> None:
    """Open the page again and again, and write a comment each time."""
    async with cluster.crowd(VISITORS) as crowd:
        visitors: list[Reader] = []
        for _ in range(VISITS // VISITORS):
            visitors += await asyncio.gather(*(visit(crowd, each, chance, visits) for each in crowd.readers))
        for visitor in visitors:
            await visitor.reaches(COMMENTS)
            every = set(range(visitor.copy.began + 1, COMMENTS + 1))
            visits.lost += len(every - visitor.copy.known)
        visits.visitors += len(visitors)
        assert (await crowd.settle()).is_clean


async def visit(crowd: Crowd, writer: Reader, chance: random.Random, visits: Visits) -> Reader:
    """Read the page, and connect when it has missed a comment, while another one comes."""
    visitor = crowd.audience.reader()
    await visitor.read_page()
    missed = await crowd.post(writer, "Between page and socket.")
    assert missed["seq"] > visitor.copy.began

    async def write_meanwhile() -> None:
        await asyncio.sleep(chance.uniform(0, JOINING))
        await crowd.post(writer, "While the socket opens.")

    welcome, _ = await asyncio.gather(visitor.join(), write_meanwhile())
    visits.between += welcome["seq"] - visitor.copy.began
    return visitor
