"""The database of a site under test, read and written from outside, whichever kind it is."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

Statement = tuple[LiteralString, tuple[Any, ...]]


def query(url: str, statement: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
    """Return the rows of one statement; each ? in it stands for a value."""
    if url.startswith("sqlite:///"):
        with closing(_open_sqlite(url)) as connection:
            return connection.execute(statement, values).fetchall()
    with psycopg.connect(url) as postgres:
        return postgres.execute(statement.replace("?", "%s"), values).fetchall()


def execute(url: str, statement: LiteralString, *values: Any) -> None:
    """Run one statement that returns nothing, and commit."""
    execute_all(url, [(statement, values)])


def execute_all(url: str, statements: Iterable[Statement]) -> None:
    """Run statements in one transaction."""
    if url.startswith("sqlite:///"):
        with closing(_open_sqlite(url)) as connection, connection:
            for statement, values in statements:
                connection.execute(statement, values)
        return
    with psycopg.connect(url) as postgres:
        for statement, values in statements:
            postgres.execute(statement.replace("?", "%s"), values)


@contextmanager
def out_of_reach(url: str) -> Iterator[None]:
    """Have nobody come to the database, as when its disk or its server is gone."""
    if not url.startswith("sqlite:///"):
        with _closed_to_all(url):
            yield
        return
    file = Path(url.removeprefix("sqlite:///"))
    away = file.rename(file.with_suffix(".away"))
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        away.rename(file)


@contextmanager
def _closed_to_all(url: str) -> Iterator[None]:
    name = urlsplit(url).path.lstrip("/")
    close = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    server = urlunsplit(urlsplit(url)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as postgres:
        postgres.execute(close.format(sql.Identifier(name), sql.SQL("false")))
        postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            postgres.execute(close.format(sql.Identifier(name), sql.SQL("true")))


def _open_sqlite(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)
