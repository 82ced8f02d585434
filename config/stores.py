"""Where the site keeps things: its database and its Redis, as the environment names them."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

import dj_database_url

from config.errors import BadEnvironment

BASE_DIR = Path(__file__).resolve().parent.parent
DEVELOPMENT_DATABASE = BASE_DIR / "development.sqlite3"  # the demo's, whose passwords everybody knows
PRODUCTION_DATABASE = BASE_DIR / "db.sqlite3"
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
PREFIX = re.compile(r"[A-Za-z0-9._-]{1,50}")
ENCODE = "A password in it has to be percent-encoded"  # what most often is wrong; the address is not repeated
LOGIN = ("username", "password", "ssl_password")  # arguments of redis-py's that say who we are


def read_database(variables: Mapping[str, str], debug: bool) -> dict[str, Any]:
    """The database as Django's settings have it. Raises BadEnvironment."""
    default = DEVELOPMENT_DATABASE if debug else PRODUCTION_DATABASE
    url = variables.get("DATABASE_URL") or f"sqlite:///{default}"
    scheme = url.partition(":")[0]
    if scheme not in DATABASE_SCHEMES:
        raise BadEnvironment("DATABASE_URL has another scheme; it must begin with sqlite: or postgres:.")
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url))
    except Exception as error:  # the parser raises whatever the malformed part makes it raise
        raise BadEnvironment(f"DATABASE_URL can't be read. {ENCODE}.") from error
    if not database.get("NAME"):
        raise BadEnvironment("DATABASE_URL names no database.")
    if database["NAME"] == ":memory:":
        raise BadEnvironment(
            "DATABASE_URL names no file; sqlite: takes a path, such as sqlite:////srv/blog.sqlite3."
        )
    return database


def read_redis(variables: Mapping[str, str]) -> tuple[str | None, dict[str, str]]:
    """The address of Redis, or None, and apart from it the name and password to log in with.

    So no setting has a password in an address, where nothing that shows settings would know it.
    Raises BadEnvironment.
    """
    url = variables.get("REDIS_URL", "").strip()
    if not url:
        return None, {}
    try:
        parts = urlsplit(url)
        place = parts.path if parts.scheme == "unix" else parts.hostname
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError as error:
        raise BadEnvironment(f"REDIS_URL can't be read. {ENCODE}.") from error
    if parts.scheme not in ("redis", "rediss", "unix") or not place:
        raise BadEnvironment("REDIS_URL is no address of a Redis; it must look like redis://host:6379/0.")
    if parts.scheme != "unix" and not re.fullmatch(r"/?[0-9]*", parts.path):
        raise BadEnvironment(
            "REDIS_URL has more than a number behind the host; it must end as in redis://host/0."
        )
    asked = parse_qsl(parts.query)
    login = {name: unquote(value) for name, value in asked if name in LOGIN}
    named = {"username": parts.username, "password": parts.password}
    login |= {name: unquote(value) for name, value in named.items() if value}
    rest = urlencode([(name, value) for name, value in asked if name not in LOGIN])
    server = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    return (f"{server}?{rest}" if rest else server), login


def channel_prefix(
    variables: Mapping[str, str], secret_key: str, database: Mapping[str, Any], redis_url: str | None
) -> str:
    """The prefix of the site's names in Redis: the same for all its processes, and for no other site's.

    Redis carries messages between all its clients, whatever the number of their database. So the prefix is
    made of the key and the database that the processes share, and of that number.
    """
    given = variables.get("CHANNEL_PREFIX", "").strip()
    if given and not PREFIX.fullmatch(given):
        raise BadEnvironment(
            f"CHANNEL_PREFIX is {given!r}; it takes 1 to 50 letters, digits, dots, dashes and underscores."
        )
    name = str(database["NAME"])
    if database["ENGINE"].endswith("sqlite3"):
        name = os.path.realpath(name)
    place = [database["ENGINE"], database.get("HOST"), database.get("PORT"), name, _redis_number(redis_url)]
    told = repr([str(part or "") for part in place]).encode()
    digest = hmac.new(secret_key.encode(), told, hashlib.sha256).hexdigest()
    return given or f"live-{digest[:16]}"


def _redis_number(url: str | None) -> int:
    """The number of the Redis database at an address, as its client reads it."""
    parts = urlsplit(url or "")
    numbers = parse_qs(parts.query).get("db") or re.findall(r"^/([0-9]+)$", parts.path)
    return int(numbers[0]) if numbers and numbers[0].isdecimal() else 0
