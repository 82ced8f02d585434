"""An event loop whose time is its own: it leaps to the next timer instead of waiting for it.

What a test says of seconds is exact on it, and holds on a machine that stalls. For coroutines without I/O and
without threads: nothing else can wake the loop.
"""

from __future__ import annotations

import asyncio
import functools
import selectors
from typing import Any

from tests.realtime.scene import Play


class Leap(selectors.SelectSelector):
    """Lets time pass instead of waiting; `now` in seconds."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("there is nothing left to wait for")
        self.now += max(timeout, 0.0)
        return super().select(0)


class LeapingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leap = Leap()
        super().__init__(self._leap)

    def time(self) -> float:
        return self._leap.now


def leaping_scene(play: Play) -> Any:
    """Make a plain test of a coroutine, on a loop that leaps."""

    @functools.wraps(play)
    def test(*args: Any, **kwargs: Any) -> None:
        with asyncio.Runner(loop_factory=LeapingLoop) as runner:
            runner.run(play(*args, **kwargs))

    return test
