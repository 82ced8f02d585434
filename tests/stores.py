"""The fixtures of Redis and of databases: shared ones, and those that a test may break."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.needs import require
from tests.services.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.services.environment import which_database
from tests.services.finding import POSTGRES, REDIS
from tests.services.postgres import Postgres, create_database, drop_database, get_postgres
from tests.services.redis import RedisServer
from tests.services.site import prepare


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis that all tests share: use it, don't break it."""
    require(REDIS)
    server = RedisServer()
    server.start()
    yield server
    server.close()


@pytest.fixture(scope="session")
def redis_url(redis_server: RedisServer) -> str:
    return redis_server.url


@pytest.fixture
def new_redis() -> Iterator[Callable[[], RedisServer]]:
    """Start a Redis of the test's own, to stop, freeze and restart."""
    require(REDIS)
    servers: list[RedisServer] = []

    def start() -> RedisServer:
        servers.append(RedisServer())
        servers[-1].start()
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    require(POSTGRES)
    server = get_postgres()
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database on PostgreSQL."""
    url = create_database(postgres)
    yield url
    drop_database(postgres, url)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """Databases for real servers, of the kind that this run tests."""
    made: Databases = SqliteDatabases()
    if which_database() == "postgresql":
        made = PostgresDatabases(request.getfixturevalue("postgres"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def _migrated_database(databases: Databases) -> str:
    """A migrated database to copy, which nobody writes to."""
    url = databases.create()
    prepare(url)
    return url


@pytest.fixture(scope="session")
def _demo_database(databases: Databases) -> str:
    """A database with the demo data to copy, which nobody writes to."""
    url = databases.create()
    prepare(url, demo=True)
    return url


@pytest.fixture
def database_url(databases: Databases, _migrated_database: str) -> Iterator[str]:
    """A migrated database with nothing in it."""
    url = databases.create(template=_migrated_database)
    yield url
    databases.drop(url)


@pytest.fixture
def demo_database_url(databases: Databases, _demo_database: str) -> Iterator[str]:
    """A database of the test's own with the demo data in it."""
    url = databases.create(template=_demo_database)
    yield url
    databases.drop(url)
