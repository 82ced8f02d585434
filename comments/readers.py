"""How many people read something now, as its sockets last told: in the cache, and forgotten by itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache

KEPT = 12  # s after the last word; who knows the number repeats it every few seconds


def remember_readers(counts: dict[int, int]) -> None:
    """Note the number of people by thread id."""
    cache.set_many({f"readers:{thread_id}": count for thread_id, count in counts.items()}, KEPT)


def count_readers(thread_ids: Iterable[int]) -> dict[int, int]:
    """The number of people by thread id; 0 where nobody told."""
    ids = list(thread_ids)
    told = cache.get_many([f"readers:{thread_id}" for thread_id in ids])
    return {thread_id: told.get(f"readers:{thread_id}", 0) for thread_id in ids}
