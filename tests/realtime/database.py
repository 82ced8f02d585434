"""The database of a site under test, read and written from outside, whichever kind it is."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any, LiteralString

import psycopg

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


def _open_sqlite(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)
