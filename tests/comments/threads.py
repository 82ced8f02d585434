"""Doing things at the same time, each in a thread with a database connection of its own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any, TypeVar

from django.db import connections

T = TypeVar("T")
PATIENCE = 120.0  # s until a test gives a deadlock up


def closing(call: Callable[..., T]) -> Callable[..., T]:
    """The call, which leaves no connection behind in the thread that it ran in."""

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
