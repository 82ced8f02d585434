"""The fixtures for all tests.

Tests of rules and views use Django's own test client and `TestCase`, on SQLite and again on PostgreSQL (see
scripts/test.py). For behaviour that only real processes show there are:

`redis_url`, `redis_server`, `new_redis()`   a Redis shared by all tests; one that the test may break
`postgres`, `postgres_url`                   a PostgreSQL; an empty database on it
`database_url`, `demo_database_url`          a migrated database, empty or with the demo data
`app_server(database_url=…, …)`              starts the real server: AppServer in tests/services/site.py
`stage`, `limited_stage`, `new_stage(…)`     running sites for tests of the wire: tests/stages.py
`live_site`                                  the site with demo data, uvicorn and Redis, one for each module
`javascript`                                 calls modules of the page: JavaScript in services/javascript.py
`new_page(user=None, …)`, `browser`          pages in a real Chromium: Pages in tests/services/chromium.py

A test that drives a browser looks at the site from outside only: through pages, `live_site.client()` and
`live_site.manage()`. Playwright keeps an event loop running in the test's thread, so Django's ORM and
`asyncio.run` refuse to work there. For the same reason these tests run after all others.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from comments.queries.kept import answers
from comments.rate_store import own_count
from tests.needs import MISSING, require
from tests.selection import select
from tests.services.databases import Databases
from tests.services.finding import CHROMIUM, REDIS, describe_missing
from tests.services.process import ROOT, running
from tests.services.redis import RedisServer
from tests.services.site import AppServer, Server, collect_static_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.services.chromium import Pages
    from tests.services.javascript import JavaScript

pytest_plugins = ("tests.stores", "tests.stages")  # their fixtures

IN_CI = bool(os.environ.get("CI"))
PICTURES = ROOT / "test-results"


# Which tests run, and in what order.


def pytest_configure() -> None:
    # Its line for each request would hide what the site has to say.
    logging.getLogger("httpx").setLevel(logging.WARNING)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    select(items)


def pytest_sessionstart(session: pytest.Session) -> None:
    if session.config.getoption("numprocesses", None):
        collect_static_files()  # they have one directory


def pytest_sessionfinish(session: pytest.Session) -> None:
    if IN_CI and MISSING and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if MISSING and os.environ.get("TEST_MISSING_SAID") != "later":
        terminalreporter.write_line(describe_missing(MISSING), red=True, bold=True)


# A failure shows what the servers logged during the test, and pictures of its pages.


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    for process in running:
        process.mark_log()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        report.sections += [
            (f"log of {process.name}", tail) for process in running if (tail := process.tail())
        ]
        pages: Pages | None = getattr(item, "funcargs", {}).get("new_page")
        if pages is not None:
            report.sections.append(("pages", "\n".join(pages.picture(PICTURES, item.name))))
    return report


# Django's tests.


@pytest.fixture(scope="session", autouse=True)
def _quick_settings() -> Iterator[None]:
    """Leave out what costs minutes of a test run: slow hashes, and all static files listed by each client."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers, WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Forget what is cached, kept and counted: no test may begin with what is of another."""
    for each in (cache, own_count, answers):
        each.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Keep SQLite's test database in a file: one in memory does not lock as the real one does."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


# The site.


@pytest.fixture(scope="session")
def _static_files() -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:  # else it was done for all of them
        collect_static_files()


@pytest.fixture
def app_server(_static_files: None, tmp_path: Path) -> Iterator[Callable[..., AppServer]]:
    """Start servers of the site; they end with the test."""
    servers: list[AppServer] = []

    def start(
        *,
        database_url: str,
        redis: RedisServer | None = None,
        server: Server = "uvicorn",
        environment: dict[str, str] | None = None,
    ) -> AppServer:
        site = AppServer(
            database_url=database_url, directory=tmp_path, redis=redis, server=server, environment=environment
        )
        servers.append(site)
        site.start()
        return site

    yield start
    for site in servers:
        site.stop()


@pytest.fixture(scope="module")
def live_site(
    databases: Databases, _demo_database: str, _static_files: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AppServer]:
    """The site with the demo data, served by uvicorn with a Redis of its own."""
    require(REDIS)
    redis = RedisServer()
    redis.start()
    url = databases.create(template=_demo_database)
    site = AppServer(database_url=url, directory=tmp_path_factory.mktemp("site"), redis=redis)
    site.start()
    yield site
    site.stop()
    redis.close()
    databases.drop(url)


# Pages.


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    require(CHROMIUM)
    from tests.services.chromium import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def javascript() -> Iterator[JavaScript]:
    """Call the project's JavaScript from a test that also needs the ORM: the browser has another thread."""
    require(CHROMIUM)
    from tests.services.javascript import javascript

    with javascript() as calls:
        yield calls


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Pages]:
    """Open pages of `live_site` or of another site; an uncaught error in one fails the test."""
    from tests.services.chromium import Pages

    pages = Pages(browser, get_site=lambda: request.getfixturevalue("live_site"))
    yield pages
    pages.close()
    assert not pages.errors, "errors inside a page:\n" + "\n".join(pages.errors)
