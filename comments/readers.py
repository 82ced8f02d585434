"""How many people read an article now, as its sockets last told: in the cache, and forgotten by itself."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache

KEPT = 12  # s after the last word; who knows the number repeats it every few seconds


def remember_readers(counts: dict[int, int]) -> None:
    """Note the number of people by article id."""
    cache.set_many({f"readers:{article_id}": count for article_id, count in counts.items()}, KEPT)


def count_readers(article_ids: Iterable[int]) -> dict[int, int]:
    """The number of people by article id; 0 where nobody told."""
    ids = list(article_ids)
    told = cache.get_many([f"readers:{article_id}" for article_id in ids])
    return {article_id: told.get(f"readers:{article_id}", 0) for article_id in ids}
