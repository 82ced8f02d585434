"""The fixtures of the tests of promises.

`new_cluster(…)`   an async context: servers, Redis and PostgreSQL of the test's own behind a proxy;
                   a traceback in a log of its servers fails the test
`postgres_server`  the PostgreSQL of these tests, which they may break
`notes`            the figures for the table of promises
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest

from tests.faults.cluster import Cluster
from tests.faults.hurry import machine
from tests.faults.notes import Note
from tests.realtime.stage import set_the_stage
from tests.services.postgres import PostgresServer, create_database, drop_database
from tests.services.proxy import proxy_to
from tests.services.redis import RedisServer
from tests.services.site import AppServer, prepare

NewCluster = Callable[..., AbstractAsyncContextManager[Cluster]]


@pytest.fixture
def notes() -> Note:
    return Note()


@pytest.fixture(scope="session")
def postgres_server(postgres: object) -> Iterator[PostgresServer]:
    """A PostgreSQL of these tests' own; `postgres` says whether this machine has one."""
    server = PostgresServer()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database on SQLite with the demo data, and the stage set."""
    url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'stage.sqlite3'}"
    prepare(url, demo=True)
    set_the_stage(url)
    return url


@pytest.fixture(scope="session")
def _stage_template(postgres_server: PostgresServer) -> str:
    url = create_database(postgres_server)
    prepare(url, demo=True)
    set_the_stage(url)
    return url


@pytest.fixture
def new_cluster(
    postgres_server: PostgresServer,
    _stage_template: str,
    _static_files: None,
    new_redis: Callable[[], RedisServer],
    tmp_path: Path,
    notes: Note,
) -> Iterator[NewCluster]:
    """Open a cluster of that many processes.

    redis: None runs it without. each: variables for one process, by its number from 0. database_url: a
    migrated database with the stage set; a new one on PostgreSQL by default.
    """
    made: list[str] = []

    def new_database() -> str:
        made.append(create_database(postgres_server, template=_stage_template))
        return made[-1]

    @asynccontextmanager
    async def open_cluster(
        *,
        processes: int = 2,
        redis: RedisServer | Literal["new"] | None = "new",
        each: Mapping[int, Mapping[str, str]] | None = None,
        database_url: str | None = None,
    ) -> AsyncIterator[Cluster]:
        await asyncio.to_thread(machine.look)
        found = await asyncio.to_thread(new_redis) if redis == "new" else redis
        url = await asyncio.to_thread(new_database) if database_url is None else database_url
        async with proxy_to() as proxy:
            servers = [
                AppServer(
                    database_url=url,
                    directory=tmp_path,
                    redis=found,
                    environment={
                        "SITE_URL": f"http://127.0.0.1:{proxy.port}",
                        **(each or {}).get(number, {}),
                    },
                )
                for number in range(processes)
            ]
            proxy.targets.extend(server.port for server in servers)
            try:
                await asyncio.gather(*(asyncio.to_thread(server.start) for server in servers))
                cluster = Cluster(servers, found, proxy)
                yield cluster
                notes.memory = notes.memory or cluster.memory_with_crowd
                assert cluster.tracebacks() == []
            finally:
                await asyncio.gather(*(asyncio.to_thread(server.kill) for server in servers))

    yield open_cluster
    for url in made:
        drop_database(postgres_server, url)
