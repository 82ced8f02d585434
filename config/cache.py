"""The cache on Redis, which the site is faster with and works without."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

PAUSE = 5.0  # s that a Redis which failed is not asked again, so that a hanging one costs few requests a wait


class Outage:
    """The time that Redis is left alone; one for all threads of the process, since each has its own cache."""

    def __init__(self) -> None:
        self._over_at = 0.0

    @property
    def lasts(self) -> bool:
        return time.monotonic() < self._over_at

    def begin(self) -> None:
        self._over_at = time.monotonic() + PAUSE

    def end(self) -> None:
        self._over_at = 0.0


outage = Outage()


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, where an unreachable Redis is a cache that holds nothing.

    Only the operations that this project uses are forgiving; the rest raise as they always did.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _ask(partial(super().get, key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        found: dict[Any, Any] = _ask(partial(super().get_many, keys, version), {})
        return found

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        _ask(partial(super().set, key, value, *args, **kwargs), None)

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        failed: list[Any] = _ask(partial(super().set_many, data, *args, **kwargs), [])
        return failed


def _ask(question: Callable[[], Any], answer: Any) -> Any:
    """What Redis says, or this answer if it says nothing."""
    if outage.lasts:
        return answer
    try:
        return question()
    except RedisError as error:
        outage.begin()
        logger.warning("the cache is out of reach, and not asked for %g s: %s", PAUSE, error)
        return answer
