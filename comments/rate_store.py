"""Where limits on rates are counted: in a cache that all processes share, or in this process's own memory."""

from __future__ import annotations

import contextlib
import math
import time
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache

from comments.conf import rates_cache

if TYPE_CHECKING:
    from comments.rates import Rate

ATTEMPTS = 5  # tries to be the first request after a pause
TOLERANCE = 0.05  # of a token: requests that come at once read the clock at slightly different times
MOST = 100_000  # counts in the memory of a process, some 25 MB
SWEPT = 1_000  # counts from which on those that are over are looked for
# Caches that count for one process only, that do not count exactly, or that forget counts to keep pages.
UNFIT = (LocMemCache, DummyCache, FileBasedCache, DatabaseCache)


class OwnCount:
    """The counts of this process alone: for each key, when its bucket will be full again, in s since 1970.

    A bucket that is full again needs no place. Where all places are taken, those go that will be full
    soonest, since they hold back least: however many new names or addresses somebody comes with, who has
    to wait long goes on waiting.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._sweep_at = min(SWEPT, most)
        self._full_at: dict[str, float] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._full_at)

    def wait(self, key: str, rate: Rate) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        now, step = time.time(), 1 / rate.per_second
        with self._lock:
            full_at = max(self._full_at.get(key, now), now) + step
            too_soon = full_at - now - step * (rate.capacity + TOLERANCE)
            if too_soon > 0:
                return too_soon
            if len(self._full_at) >= self._sweep_at:
                self._sweep(now)
            self._full_at[key] = full_at
            return 0.0

    def forget(self, key: str) -> None:
        with self._lock:
            self._full_at.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._full_at.clear()

    def _sweep(self, now: float) -> None:
        """Make room. Each sweep frees half of the places, or a tenth of the most, so that few are needed."""
        kept = [(key, full_at) for key, full_at in self._full_at.items() if full_at > now]
        if len(kept) > (most := self._most - self._most // 10 - 1):
            kept = sorted(kept, key=itemgetter(1))[-most:]
        self._full_at = dict(kept)
        self._sweep_at = min(self._most, max(SWEPT, 2 * len(kept)))


own_count = OwnCount()


def wait(key: str, rate: Rate) -> float:
    """Take a token and return 0, or return the seconds until there is one.

    Where the cache is out of reach, or is none to count in, each process counts for itself.
    """
    cache = _shared_cache()
    seconds = None if cache is None else _take(cache, key, rate)
    return own_count.wait(key, rate) if seconds is None else seconds


def forget(key: str) -> None:
    """Forget a count, so that the whole burst is free again."""
    if cache := _shared_cache():
        cache.delete(key)
    own_count.forget(key)


def _shared_cache() -> BaseCache | None:
    cache = caches[rates_cache()]
    return None if isinstance(cache, UNFIT) else cache


def _take(store: BaseCache, key: str, rate: Rate) -> float | None:
    """Take a token and return 0, or return the seconds until there is one; None if the store holds nothing.

    The virtual scheduling algorithm of ITU-T I.371: a token bucket whose state is one number, the time at
    which it will be full again, here in ms since 1970. A cache adds to a number atomically. Where that time
    is past, the first request adds the pause as well. A request that read the same number and came second
    tries again.
    """
    step, now = round(1000 / rate.per_second), round(time.time() * 1000)
    lasts = math.ceil(rate.capacity / rate.per_second) + 1
    if store.add(key, now + step, lasts):
        return 0.0
    for _ in range(ATTEMPTS):
        before = store.get(key, now)
        pause = max(0, now - before)
        try:
            full_at = store.incr(key, step + pause)
        except ValueError:
            return None
        too_soon = full_at - now - round(step * (rate.capacity + TOLERANCE))
        if too_soon <= 0 and (not pause or full_at == before + step + pause):
            store.touch(key, lasts)
            return 0.0
        with contextlib.suppress(ValueError):  # it expired meanwhile
            store.incr(key, -step - pause)
        if not pause:
            break
    return (too_soon if 0 < too_soon < step else step) / 1000
