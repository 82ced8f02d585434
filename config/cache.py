"""The cache on Redis, which makes the site faster and which the site works without."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import msgspec
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

NUMBER = re.compile(rb"-?[0-9]+")
PAUSE = 5.0  # s without a question after a failure, so that few requests wait for a Redis that hangs


class Outage:
    """The time in which Redis is left alone. All threads of the process share it: each has its own cache."""

    def __init__(self) -> None:
        self._over_at = 0.0

    @property
    def lasts(self) -> bool:
        return time.monotonic() < self._over_at

    def begin(self) -> None:
        self._over_at = time.monotonic() + PAUSE

    def end(self) -> None:
        self._over_at = 0.0


class PlainSerializer:
    """Values as MessagePack, which holds data and nothing else; a tuple comes back as a list.

    Django's serializer is pickle, which does whatever it is told by whoever can write into Redis.
    """

    def dumps(self, value: Any) -> Any:
        """An int stays a number that Redis can add to: no other value begins with a digit or a sign."""
        return value if type(value) is int else msgspec.msgpack.encode(value)

    def loads(self, data: bytes) -> Any:
        """The value. Raises msgspec.DecodeError for what is none, such as an entry of an earlier version."""
        return int(data) if NUMBER.fullmatch(data) else msgspec.msgpack.decode(data)


outage = Outage()
_clients: dict[tuple[str, ...], Any] = {}


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, but for data only; with an unreachable Redis it is a cache that holds nothing.

    Only the operations that this project uses are forgiving; the rest raise as they always did.
    """

    @cached_property
    def _cache(self) -> Any:
        """The client with its connections, one for the process: Django makes a cache for every request."""
        servers = tuple(self._servers)  # type: ignore[attr-defined] # the stubs leave these out
        if servers not in _clients:
            options = {"serializer": PlainSerializer, **self._options}  # type: ignore[attr-defined]
            _clients[servers] = self._class(servers, **options)  # type: ignore[attr-defined]
        return _clients[servers]

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _ask(partial(super().get, key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        found: dict[Any, Any] = _ask(partial(super().get_many, keys, version), {})
        return found

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        _ask(partial(super().set, key, value, *args, **kwargs), None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        was_there: bool = _ask(partial(super().delete, key, version), False)
        return was_there

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        failed: list[Any] = _ask(partial(super().set_many, data, *args, **kwargs), [])
        return failed

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        added: bool = _ask(partial(super().add, key, value, *args, **kwargs), False)
        return added

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        was_there: bool = _ask(partial(super().touch, key, *args, **kwargs), False)
        return was_there

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The sum. Raises ValueError where there is no such key, as every cache does, or no Redis."""
        total: int | None = _ask(partial(super().incr, key, delta, version), None)
        if total is None:
            raise ValueError(f"{key} is out of reach.")
        return total


def _ask(question: Callable[[], Any], answer: Any) -> Any:
    """The answer of Redis, or this one if Redis is out of reach."""
    if outage.lasts:
        return answer
    try:
        return question()
    except msgspec.DecodeError:
        logger.warning("an entry of the cache can't be read, and counts as missing")
        return answer
    except RedisError as error:
        outage.begin()
        logger.warning("the cache is out of reach, and not asked for %g s: %s", PAUSE, error)
        return answer
