"""A private PostgreSQL, and databases on it or on the server that TEST_DATABASE_URL names."""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.services.finding import POSTGRES, find_postgres_programs
from tests.services.ports import free_port
from tests.services.process import Process

# No data has to survive a crash of the machine. It has to survive a crash of the server, so commits wait.
QUICK = ("fsync=off", "full_page_writes=off", "max_connections=300")
_numbers = itertools.count(1)


class Postgres(Protocol):
    """A server that databases can be made on."""

    url: str

    def close(self) -> None: ...


class PostgresServer:
    """A PostgreSQL of the tests' own, which can be stopped, frozen and started again on the same port."""

    def __init__(self) -> None:
        programs = find_postgres_programs()
        if programs is None:
            raise FileNotFoundError(POSTGRES.advice)
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._programs = programs
        self._directory = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._user = _unprivileged_user()
        settings = (*QUICK, f"port={self.port}", "listen_addresses=127.0.0.1")
        self._process = Process(
            f"PostgreSQL on port {self.port}",
            [
                programs / "postgres",
                *("-D", self._data, "-k", self._directory),
                *(word for setting in settings for word in ("-c", setting)),
            ],
            log=self._directory / "log",
            user=self._user,
        )

    @property
    def _data(self) -> Path:
        return self._directory / "data"

    def start(self) -> None:
        if not self._data.exists():
            self._make_cluster()
        self._process.start(self._answers)

    def stop(self) -> None:
        """Stop it at once, as `pg_ctl stop -m immediate` does; it refuses connections from then on."""
        if self._process.alive:
            self._process.send(signal.SIGQUIT)
            self._process.wait()
        self._process.kill()

    def restart(self) -> None:
        """Crash and recover: every connection is lost, and no commit is."""
        self.stop()
        self.start()

    def set(self, name: str, value: str) -> None:
        """Change a setting for all sessions, those that are open included."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            statement = sql.SQL("ALTER SYSTEM SET {} = {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Literal(value)))
            connection.execute("SELECT pg_reload_conf()")

    def log(self) -> str:
        """Return all that it printed."""
        return self._process.log.read_text(errors="replace")

    def pause(self) -> None:
        self._process.pause()

    def resume(self) -> None:
        self._process.resume()

    def close(self) -> None:
        """Stop it for good and remove its data."""
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _make_cluster(self) -> None:
        if self._user is not None:
            shutil.chown(self._directory, self._user)
        subprocess.run(  # noqa: S603 - the command is the tests' own
            [
                self._programs / "initdb",
                *("-D", self._data, "--username=postgres", "--auth=trust"),
                *("--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            check=True,
            cwd=self._directory,
            stdout=subprocess.DEVNULL,
            user=self._user,
            extra_groups=None if self._user is None else [],
        )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class NamedPostgres:
    """The server that TEST_DATABASE_URL names: it was running before, and goes on running after."""

    def __init__(self, url: str) -> None:
        self.url = url

    def close(self) -> None:
        """Leave it running: it is not ours."""


def get_postgres() -> Postgres:
    """Return the server of TEST_DATABASE_URL if that is set, else start a private one."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        return NamedPostgres(url)
    server = PostgresServer()
    server.start()
    return server


def create_database(server: Postgres, *, template: str | None = None) -> str:
    """Make a database, empty or a copy of the one that the URL `template` names, and return its URL."""
    name = f"live_comments_{os.getpid()}_{next(_numbers)}"
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(_name_of(template)))
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(statement)
    return urlunsplit(urlsplit(server.url)._replace(path=f"/{name}"))


def copy_database(server: Postgres, url: str, *, target: str) -> None:
    """Make the database of the URL `target` a copy of another, whoever is connected to either.

    They lose their connections: PostgreSQL copies only what nobody uses.
    """
    source = sql.Identifier(_name_of(url))
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(source))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (_name_of(url),)
        )
        drop_database(server, target)
        copying = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(copying.format(sql.Identifier(_name_of(target)), source))
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(source))


def drop_database(server: Postgres, url: str) -> None:
    """Remove a database, whoever is still connected to it."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name_of(url)))
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(statement)


def _name_of(url: str) -> str:
    return urlsplit(url).path.lstrip("/")


def _unprivileged_user() -> str | None:
    """Return the user to run the server as, since PostgreSQL refuses to run as root; None for our own."""
    if os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
