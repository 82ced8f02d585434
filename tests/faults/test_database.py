"""The database is slow, locked, or restarted."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing

import psycopg
import pytest

from tests.faults.beside import Answer, posting_over_http, reading_over_http
from tests.faults.conftest import NewCluster
from tests.faults.crowd import PATIENCE, Crowd
from tests.faults.hurry import promised
from tests.faults.notes import Note
from tests.realtime.scene import scene_of
from tests.services.postgres import PostgresServer
from tests.services.waiting import POLL

GONE = 8.0  # s
RECOVERED = 10.0  # s after its return, from which on nobody notices that it was gone
LOOKS = 5  # at the history, while a transaction is slow
WAITING = 30  # comments that begin while the slow transaction is under way


@pytest.mark.promise(4)
@scene_of(480)
async def test_a_slow_transaction_commits_after_later_ones_began(
    new_cluster: NewCluster, notes: Note
) -> None:
    async with new_cluster() as cluster, cluster.crowd() as crowd:
        database_url = cluster.stage.server.database_url
        parent = await crowd.post(crowd.readers[0], "Slow to answer.")
        async with row_locked(database_url, int(parent["id"])):
            slow = asyncio.create_task(crowd.post(crowd.readers[1], "An answer.", parent=parent["id"]))
            await until_waiting(database_url, 1)
            later = [asyncio.create_task(crowd.post(r, "Later.")) for r in crowd.readers[2 : 2 + WAITING]]
            await until_waiting(database_url, 2)
            history = [await seqs_of_history(crowd) for _ in range(LOOKS)]
        acks = await asyncio.gather(slow, *later)
        notes.verdict, notes.recovery = await crowd.settle(), crowd.delays

        assert notes.verdict.is_clean, notes.verdict
        assert sorted(ack["seq"] for ack in acks) == list(range(2, WAITING + 3))
        assert acks[0]["seq"] == 2, "the slow one began first, and keeps its place"
        assert history == [[1]] * LOOKS
        assert await seqs_of_history(crowd) == list(range(1, WAITING + 3))
        for reader in crowd.readers:
            assert reader.copy.known == set(range(reader.copy.began + 1, WAITING + 3))


@asynccontextmanager
async def row_locked(database_url: str, comment: int) -> AsyncIterator[None]:
    """Lock a comment's row: a reply to it waits for the lock, and keeps the thread's row locked meanwhile.

    Servers wait 5 s for a row, and refuse the comment then.
    """
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        await connection.execute("SELECT 1 FROM comments_comment WHERE id = %s FOR UPDATE", (comment,))
        yield
        await connection.rollback()


async def until_waiting(database_url: str, count: int) -> None:
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await connection.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                    "AND datname = current_database()"
                )
                if (await found.fetchone() or (0,))[0] >= count:
                    return
                await asyncio.sleep(POLL)


async def seqs_of_history(crowd: Crowd) -> list[int]:
    url = f"{crowd.audience.stage.url}/api/articles/{crowd.audience.slug}/history/"
    answer = (await crowd.audience.http.get(url, params={"after": 0})).raise_for_status().json()
    return [change["seq"] for change in answer["changes"]]


@pytest.mark.promise(10)
@pytest.mark.thorough
@scene_of(480)
async def test_sqlite_is_locked_from_outside(new_cluster: NewCluster, sqlite_url: str, notes: Note) -> None:
    async with new_cluster(database_url=sqlite_url) as cluster, cluster.crowd(60) as crowd:
        async with posting_over_http(crowd) as answers, crowd.posting(5):
            await crowd.posts(10)
            await locked(sqlite_url, 3.0)
            await crowd.posts(10)
            assert (crowd.refusals, outcomes(answers)) == ([], {(201, None)})

            await locked(sqlite_url, 30.0)
            await crowd.posts(30)
        notes.verdict, notes.recovery = await crowd.settle(), crowd.delays
        notes.remark = f"{len(crowd.refusals)} times busy while locked for 30 s"

        assert notes.verdict.is_clean, notes.verdict
        assert {reason for reason, _ in crowd.refusals} == {"busy"}
        assert outcomes(answers) == {(503, "busy"), (201, None)}


async def locked(database_url: str, seconds: float) -> None:
    """Lock the file against every writer."""
    path = database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        await asyncio.sleep(seconds)
        connection.execute("ROLLBACK")


@pytest.mark.promise(11)
@pytest.mark.thorough
@scene_of(480)
async def test_postgresql_is_restarted(
    new_cluster: NewCluster, postgres_server: PostgresServer, notes: Note
) -> None:
    clock = asyncio.get_running_loop().time
    async with new_cluster() as cluster, cluster.crowd() as crowd:
        async with posting_over_http(crowd) as posted, reading_over_http(crowd) as read, crowd.posting():
            await crowd.posts(30)
            await asyncio.to_thread(postgres_server.stop)
            await asyncio.sleep(GONE)
            await asyncio.to_thread(postgres_server.start)
            recovered = clock() + promised(RECOVERED)
            while clock() < recovered + 3:
                await crowd.posts(10)
        notes.verdict, notes.recovery = await crowd.settle(), crowd.delays
        late = [refusal for refusal in crowd.refusals if refusal[1] > recovered]
        notes.remark = f"{len(crowd.refusals)} times busy"

        assert crowd.refusals, "nobody noticed that it was gone"
        assert notes.verdict.is_clean, notes.verdict
        assert late == []
        assert outcomes(posted) == {(201, None), (503, "busy")}
        assert outcomes(read) == {(200, None), (503, "busy")}
        assert outcomes(answer for answer in posted if answer.at > recovered) == {(201, None)}
        assert outcomes(answer for answer in read if answer.at > recovered) == {(200, None)}


def outcomes(answers: Iterable[Answer]) -> set[tuple[int, str | None]]:
    return {(answer.status, answer.reason) for answer in answers}
