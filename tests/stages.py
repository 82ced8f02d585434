"""The running sites for tests of the wire.

`stage`          a site without limits on rates, once on uvicorn with Redis, once on `runserver` without.
                 On PostgreSQL there is no second: `runserver` is for development, on the default database
`limited_stage`  the same with the limits of production
`new_stage(…)`   a site of the test's own, which it may break

A traceback in the log of a site fails the test in which it appears.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.realtime.stage import Stage, set_the_stage
from tests.services.databases import Databases
from tests.services.environment import which_database
from tests.services.logs import tracebacks_in
from tests.services.redis import RedisServer
from tests.services.site import AppServer, Server

SERVERS: list[Server] = ["uvicorn"] if which_database() == "postgresql" else ["uvicorn", "runserver"]


@pytest.fixture(scope="session")
def _stage_database(databases: Databases, _demo_database: str) -> str:
    """A database to copy."""
    url = databases.create(template=_demo_database)
    set_the_stage(url)
    return url


@pytest.fixture(scope="session")
def _open_stage(
    databases: Databases,
    _stage_database: str,
    _static_files: None,
    tmp_path_factory: pytest.TempPathFactory,
    redis_server: RedisServer,
) -> Iterator[Callable[[Server, str], Stage]]:
    """Start a site the first time that it is asked for, and keep it for all tests."""
    opened: dict[tuple[Server, str], Stage] = {}

    def get(server: Server, limits: str) -> Stage:
        if (server, limits) not in opened:
            site = AppServer(
                database_url=databases.create(template=_stage_database),
                directory=tmp_path_factory.mktemp("stage"),
                redis=redis_server if server == "uvicorn" else None,
                server=server,
                environment={"RATE_LIMITS": limits},
            )
            site.start()
            opened[server, limits] = Stage(site)
        return opened[server, limits]

    yield get
    for stage in opened.values():
        stage.server.stop()


def _watched(stage: Stage) -> Iterator[Stage]:
    before = len(stage.server.log())
    yield stage
    assert tracebacks_in(stage.server.log()[before:]) == []


@pytest.fixture(params=SERVERS)
def stage(request: pytest.FixtureRequest, _open_stage: Callable[[Server, str], Stage]) -> Iterator[Stage]:
    yield from _watched(_open_stage(request.param, "off"))


@pytest.fixture
def uvicorn_stage(_open_stage: Callable[[Server, str], Stage]) -> Iterator[Stage]:
    yield from _watched(_open_stage("uvicorn", "off"))


@pytest.fixture(params=SERVERS)
def limited_stage(
    request: pytest.FixtureRequest, _open_stage: Callable[[Server, str], Stage]
) -> Iterator[Stage]:
    yield from _watched(_open_stage(request.param, "on"))


@pytest.fixture
def new_stage(
    databases: Databases, _stage_database: str, _static_files: None, tmp_path: Path
) -> Iterator[Callable[..., Stage]]:
    """Start a site of the test's own; several may share the `database_url` of the first."""
    stages: list[Stage] = []
    made: list[str] = []

    def start(
        *,
        redis: RedisServer | None = None,
        server: Server = "uvicorn",
        database_url: str | None = None,
        **environment: str,
    ) -> Stage:
        if database_url is None:
            database_url = databases.create(template=_stage_database)
            made.append(database_url)
        site = AppServer(
            database_url=database_url, directory=tmp_path, redis=redis, server=server, environment=environment
        )
        stages.append(Stage(site))
        site.start()
        return stages[-1]

    yield start
    for stage in stages:
        stage.server.stop()
    for url in made:
        databases.drop(url)
    for stage in stages:
        assert tracebacks_in(stage.server.log()) == []
