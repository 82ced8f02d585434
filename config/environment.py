"""The site's configuration: read from the environment once, checked, and refused in sentences."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from config.errors import BadEnvironment
from config.hosts import allowed_hosts, feed_host, further_hosts, origins, site_url
from config.stores import DEVELOPMENT_DATABASE, channel_prefix, read_database, read_redis

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
HSTS = ("host", "subdomains", "preload")
LONGEST_SENTENCE = 300  # characters


@dataclass(frozen=True, kw_only=True)
class Environment:
    """The site's configuration, every value checked. What is secret is in no repr."""

    debug: bool
    secret_key: str = field(repr=False)
    site_url: str
    site_name: str
    site_tagline: str
    site_description: str
    feed_host: str
    allowed_hosts: tuple[str, ...]
    origins: tuple[str, ...]
    database: dict[str, Any] = field(repr=False)
    hsts: str
    redis_url: str | None
    redis_login: dict[str, str] = field(repr=False)
    channel_prefix: str
    port: int
    workers: int
    trusted_proxies: tuple[str, ...]
    comments_guests: bool
    rate_limits: bool

    @property
    def https(self) -> bool:
        return self.site_url.startswith("https://")

    @property
    def is_development(self) -> bool:
        """Whether this is the development's own database, whose passwords everybody may know."""
        return self.debug and self.database["NAME"] == str(DEVELOPMENT_DATABASE)


def read_environment(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read and check every setting.

    Raises BadEnvironment with a sentence for the first value that can't be used.
    """
    debug = _switch(variables, "DEBUG", False)
    port = _integer(variables, "PORT", 8000, 1, 65535)
    url = site_url(variables.get("SITE_URL") or f"http://127.0.0.1:{port}")
    hosts = further_hosts(_words(variables, "ALLOWED_HOSTS"))
    secret_key = _secret_key(variables, debug)
    database, (redis_url, redis_login) = read_database(variables, debug), read_redis(variables)
    return Environment(
        debug=debug,
        secret_key=secret_key,
        site_url=url,
        site_name=_sentence(variables, "SITE_NAME", NAME),
        site_tagline=_sentence(variables, "SITE_TAGLINE", TAGLINE),
        site_description=_sentence(variables, "SITE_DESCRIPTION", DESCRIPTION),
        feed_host=feed_host(variables),
        allowed_hosts=allowed_hosts(url, hosts, debug),
        origins=origins(url, hosts, debug),
        hsts=_one_of(variables, "HSTS", HSTS),
        database=database,
        redis_url=redis_url,
        redis_login=redis_login,
        channel_prefix=channel_prefix(variables, secret_key, database, redis_url),
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


def _one_of(variables: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    """One of these words; the first of them by default."""
    value = variables.get(name, "").strip().lower() or words[0]
    if value not in words:
        raise BadEnvironment(f"{name} is {value!r}; it must be one of: {', '.join(words)}.")
    return value


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
    if not key and variables.get("DATABASE_URL"):
        raise BadEnvironment(
            "SECRET_KEY is not set, while DATABASE_URL is: without a key there is the development's own "
            "database and no other. Set SECRET_KEY to the key of this database's site, or unset DATABASE_URL."
        )
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


def _sentence(variables: Mapping[str, str], name: str, default: str) -> str:
    """A line of text for people to read."""
    value = " ".join(variables.get(name, "").split()) or default
    if len(value) > LONGEST_SENTENCE or not value.isprintable():
        raise BadEnvironment(f"{name} must be one line of at most {LONGEST_SENTENCE} characters.")
    return value


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
