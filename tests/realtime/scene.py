"""Tests that are coroutines, each in an event loop of its own."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any

PATIENCE = 90.0  # s for one test


def scene(play: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Make a plain test of a coroutine; its parameters are fixtures as ever."""

    @functools.wraps(play)
    def test(*args: Any, **kwargs: Any) -> None:
        asyncio.run(asyncio.wait_for(play(*args, **kwargs), PATIENCE))

    return test
