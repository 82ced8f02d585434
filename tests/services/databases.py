"""Databases for real server processes, of the kind that this test run is about."""

import itertools
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Protocol

from tests.services.postgres import Postgres, create_database, drop_database


class Databases(Protocol):
    """Makes databases, and removes them."""

    def create(self, *, template: str | None = None) -> str:
        """Return the URL of a new database, empty or a copy of the one at the URL `template`."""
        ...

    def drop(self, url: str) -> None: ...

    def close(self) -> None: ...


class SqliteDatabases:
    """Files in a temporary directory."""

    def __init__(self) -> None:
        self._directory = Path(tempfile.mkdtemp(prefix="sqlite-"))
        self._numbers = itertools.count(1)

    def create(self, *, template: str | None = None) -> str:
        path = self._directory / f"{next(self._numbers)}.sqlite3"
        if template is not None:
            # SQLite's own way of copying includes the write-ahead log; a copy of the file would not.
            source, target = sqlite3.connect(self._path(template)), sqlite3.connect(path)
            source.backup(target)
            source.close()
            target.close()
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for path in self._directory.glob(f"{self._path(url).name}*"):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        shutil.rmtree(self._directory, ignore_errors=True)

    @staticmethod
    def _path(url: str) -> Path:
        return Path(url.removeprefix("sqlite:///"))


class PostgresDatabases:
    """Databases of one server."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._made: list[str] = []

    def create(self, *, template: str | None = None) -> str:
        url = create_database(self._server, template=template)
        self._made.append(url)
        return url

    def drop(self, url: str) -> None:
        drop_database(self._server, url)
        self._made.remove(url)

    def close(self) -> None:
        for url in list(self._made):
            self.drop(url)
