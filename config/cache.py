"""The cache on Redis, which the site is faster with and works without."""

import logging
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

Answer = TypeVar("Answer")
logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, where an unreachable Redis is a cache that holds nothing.

    Only the operations that this project uses are forgiving; the rest raise as they always did.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            return self._without(error, default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        try:
            return super().get_many(keys, version)
        except RedisError as error:
            return self._without(error, {})

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(key, value, *args, **kwargs)
        except RedisError as error:
            self._without(error, None)

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        try:
            return super().set_many(data, *args, **kwargs)
        except RedisError as error:
            return self._without(error, list(data))

    @staticmethod
    def _without(error: RedisError, answer: Answer) -> Answer:
        logger.warning("the cache is out of reach: %s", error)
        return answer
