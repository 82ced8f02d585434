"""The site's configuration: read from the environment once, checked, and refused in sentences."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dj_database_url

BASE_DIR = Path(__file__).resolve().parent.parent
DEVELOPMENT_KEY = "development-only-key-that-signs-nothing-of-value-0123456789"
SHORTEST_KEY, FEWEST_DIFFERENT = 50, 5  # characters that Django's own check of deployments wants
SWITCH = {
    "on": True,
    "true": True,
    "1": True,
    "yes": True,
    "off": False,
    "false": False,
    "0": False,
    "no": False,
}
NAME = "Marginalia"
TAGLINE = "A small magazine, and the notes in its margins"
DESCRIPTION = "Essays on making, mending, growing and walking, with readers writing in the margins."
LONGEST_SENTENCE = 300  # characters
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
PREFIX = re.compile(r"[A-Za-z0-9._-]{1,50}")
HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", re.IGNORECASE)


class BadEnvironment(Exception):
    """A variable whose value the site can't start with; the text names the variable and says why."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The site's configuration, every value checked."""

    debug: bool
    secret_key: str
    site_url: str
    site_name: str
    site_tagline: str
    site_description: str
    feed_host: str
    allowed_hosts: tuple[str, ...]
    origins: tuple[str, ...]
    database: dict[str, Any]
    redis_url: str | None
    channel_prefix: str
    port: int
    workers: int
    trusted_proxies: tuple[str, ...]
    comments_guests: bool
    rate_limits: bool

    @property
    def https(self) -> bool:
        return self.site_url.startswith("https://")


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read and check every setting.

    Raises BadEnvironment with a sentence for the first value that can't be used.
    """
    debug = _switch(variables, "DEBUG", False)
    port = _integer(variables, "PORT", 8000, 1, 65535)
    site_url = _site_url(variables.get("SITE_URL") or f"http://127.0.0.1:{port}")
    extra_hosts = _hosts(variables)
    secret_key = _secret_key(variables, debug)
    database, redis_url = _database(variables), _redis_url(variables)
    return Environment(
        debug=debug,
        secret_key=secret_key,
        site_url=site_url,
        site_name=_sentence(variables, "SITE_NAME", NAME),
        site_tagline=_sentence(variables, "SITE_TAGLINE", TAGLINE),
        site_description=_sentence(variables, "SITE_DESCRIPTION", DESCRIPTION),
        feed_host=_feed_host(variables),
        allowed_hosts=_allowed_hosts(site_url, extra_hosts, debug),
        origins=_origins(site_url, extra_hosts, debug),
        database=database,
        redis_url=redis_url,
        channel_prefix=_channel_prefix(variables, secret_key, database, redis_url),
        port=port,
        workers=_integer(variables, "WORKERS", os.cpu_count() or 1, 1, 256),
        trusted_proxies=_trusted_proxies(variables),
        comments_guests=_switch(variables, "COMMENTS_GUESTS", True),
        rate_limits=_switch(variables, "RATE_LIMITS", True),
    )


def _switch(variables: Mapping[str, str], name: str, default: bool) -> bool:
    value = variables.get(name, "").strip().lower()
    if not value:
        return default
    if value not in SWITCH:
        raise BadEnvironment(f"{name} is {value!r}; it must be on or off.")
    return SWITCH[value]


def _integer(variables: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = variables.get(name, "").strip()
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,6}", value) or not least <= int(value) <= most:
        raise BadEnvironment(f"{name} is {value!r}; it must be a whole number from {least} to {most}.")
    return int(value)


def _words(variables: Mapping[str, str], name: str) -> list[str]:
    return [word for word in re.split(r"[,\s]+", variables.get(name, "")) if word]


def _secret_key(variables: Mapping[str, str], debug: bool) -> str:
    key = variables.get("SECRET_KEY", "")
    if not key and debug:
        return DEVELOPMENT_KEY
    if not key:
        raise BadEnvironment(
            "SECRET_KEY is not set, and production does not start without it. "
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"; '
            "for development set DEBUG=on instead."
        )
    if not debug and (len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_DIFFERENT):
        raise BadEnvironment(
            f"SECRET_KEY has {len(key)} characters, {len(set(key))} of them different; "
            f"production needs {SHORTEST_KEY} or more, {FEWEST_DIFFERENT} of them different."
        )
    if not debug and key == DEVELOPMENT_KEY:
        raise BadEnvironment("SECRET_KEY is the one of development, which everybody can read in the source.")
    return key


def _site_url(value: str) -> str:
    try:
        parts = urlsplit(value.strip())
        port = parts.port
    except ValueError as error:
        raise BadEnvironment(f"SITE_URL is {value!r}, which is no address: {error}.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not _is_host(parts.hostname):
        raise BadEnvironment(f"SITE_URL is {value!r}; it must look like https://blog.example.org.")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise BadEnvironment(
            f"SITE_URL is {value!r}; it must be a scheme, a host and perhaps a port, no more."
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != default else "")


def _is_host(name: str) -> bool:
    """Whether it is one host: an address, or a name of DNS, international names in their xn-- form."""
    return ":" in name or (HOST.fullmatch(name) is not None and name[0] != ".")


def _sentence(variables: Mapping[str, str], name: str, default: str) -> str:
    """A line of text for people to read."""
    value = " ".join(variables.get(name, "").split()) or default
    if len(value) > LONGEST_SENTENCE or not value.isprintable():
        raise BadEnvironment(f"{name} must be one line of at most {LONGEST_SENTENCE} characters.")
    return value


def _feed_host(variables: Mapping[str, str]) -> str:
    """The host in the names of the feed and its entries, where that is another one than the site's by now."""
    host = variables.get("FEED_HOST", "").strip().lower()
    if host and not _is_host(host):
        raise BadEnvironment(f"FEED_HOST is {host!r}; it must be the name of one host.")
    return host


def _hosts(variables: Mapping[str, str]) -> list[str]:
    hosts = [host.lower() for host in _words(variables, "ALLOWED_HOSTS")]
    for host in hosts:
        if not HOST.fullmatch(host):
            raise BadEnvironment(
                f"ALLOWED_HOSTS names {host!r}; it takes host names only, without * or port."
            )
    return hosts


def _allowed_hosts(site_url: str, extra: list[str], debug: bool) -> tuple[str, ...]:
    host = urlsplit(site_url).hostname or ""
    own = [f"[{host}]" if ":" in host else host]
    return tuple(dict.fromkeys(own + extra + (["localhost", "127.0.0.1"] if debug else [])))


def _origins(site_url: str, extra: list[str], debug: bool) -> tuple[str, ...]:
    """The origins of this site's pages: SITE_URL, and its scheme and port on each further host."""
    parts = urlsplit(site_url)
    port = f":{parts.port}" if parts.port else ""
    hosts = [host for host in extra if not host.startswith(".")] + (
        ["localhost", "127.0.0.1"] if debug else []
    )
    return tuple(dict.fromkeys([site_url, *(f"{parts.scheme}://{host}{port}" for host in hosts)]))


def _database(variables: Mapping[str, str]) -> dict[str, Any]:
    url = variables.get("DATABASE_URL") or f"sqlite:///{BASE_DIR / 'db.sqlite3'}"
    scheme = url.partition(":")[0]
    if scheme not in DATABASE_SCHEMES:
        raise BadEnvironment(f"DATABASE_URL begins with {scheme!r}; it must begin with sqlite: or postgres:.")
    try:
        database: dict[str, Any] = dict(dj_database_url.parse(url))
    except Exception as error:  # the parser raises whatever the malformed part makes it raise
        raise BadEnvironment(f"DATABASE_URL can't be read: {error}.") from error
    if not database.get("NAME"):
        raise BadEnvironment("DATABASE_URL names no database.")
    if database["NAME"] == ":memory:":
        raise BadEnvironment(
            "DATABASE_URL names no file; sqlite: takes a path, such as sqlite:////srv/blog.sqlite3."
        )
    return database


def _redis_url(variables: Mapping[str, str]) -> str | None:
    url = variables.get("REDIS_URL", "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        place = parts.path if parts.scheme == "unix" else parts.hostname
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError as error:
        raise BadEnvironment(f"REDIS_URL can't be read: {error}.") from error
    if parts.scheme not in ("redis", "rediss", "unix") or not place:
        raise BadEnvironment(
            f"REDIS_URL begins with {parts.scheme!r}; it must look like redis://host:6379/0."
        )
    if parts.scheme != "unix" and not re.fullmatch(r"/?[0-9]*", parts.path):
        raise BadEnvironment(
            f"REDIS_URL names database {parts.path[1:]!r}; it must be a number, as in redis://host/0."
        )
    return url


def _channel_prefix(
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


def _trusted_proxies(variables: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(_proxy(word) for word in _words(variables, "TRUSTED_PROXIES"))


def _proxy(word: str) -> str:
    try:
        network = ipaddress.ip_network(word, strict=False)
        if network.prefixlen == 0:
            raise ValueError("it is everybody")
    except ValueError as error:
        raise BadEnvironment(
            f"TRUSTED_PROXIES names {word!r}; it takes addresses and networks such as 10.0.0.0/8, never *."
        ) from error
    return str(network)  # 10.0.0.5/8 as 10.0.0.0/8: uvicorn believes no other spelling
