"""Tests that are coroutines, each in an event loop of its own."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from typing import Any

PATIENCE = 240.0  # s for one test, which is there for those that hang

Play = Callable[..., Coroutine[Any, Any, None]]


def scene(play: Play) -> Callable[..., None]:
    """Make a plain test of a coroutine; its parameters are fixtures as ever."""
    return scene_of(PATIENCE)(play)


def scene_of(patience: float) -> Callable[[Play], Callable[..., None]]:
    """Make a plain test of a coroutine that may take that many seconds."""

    def decorate(play: Play) -> Callable[..., None]:
        @functools.wraps(play)
        def test(*args: Any, **kwargs: Any) -> None:
            asyncio.run(asyncio.wait_for(play(*args, **kwargs), patience))

        return test

    return decorate
