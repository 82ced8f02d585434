"""Runs calls at the same time, each in a thread with a database connection of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any, TypeVar

from django.db import connections

T = TypeVar("T")
PATIENCE = 120.0  # s after which a test takes a wait for a deadlock


def closing(call: Callable[..., T]) -> Callable[..., T]:
    """The same call, but it closes its thread's database connections at its end."""

    @wraps(call)
    def closed(*args: Any) -> T:
        try:
            return call(*args)
        finally:
            connections.close_all()

    return closed


def all_at_once(calls: Iterable[Callable[[], T]]) -> list[T]:
    """Run every call in a thread; return their results, or raise the first one's error."""
    calls = list(calls)
    with ThreadPoolExecutor(len(calls)) as pool:
        futures = [pool.submit(closing(call)) for call in calls]
        return [future.result(PATIENCE) for future in futures]
