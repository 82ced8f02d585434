"""The number of readers of each thread, kept in the cache for a few seconds by the processes that know it."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache

KEPT = 12  # s; a process that has readers repeats their number every few seconds


def remember_readers(counts: dict[int, int]) -> None:
    """Store the number of readers by thread id."""
    cache.set_many({f"readers:{thread_id}": count for thread_id, count in counts.items()}, KEPT)


def count_readers(thread_ids: Iterable[int]) -> dict[int, int]:
    """The number of readers by thread id; 0 where no process has told one."""
    ids = list(thread_ids)
    told = cache.get_many([f"readers:{thread_id}" for thread_id in ids])
    return {thread_id: told.get(f"readers:{thread_id}", 0) for thread_id in ids}
