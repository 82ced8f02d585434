"""Listens to the site's announcements, on the real channel layer in memory."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from channels.layers import get_channel_layer

from comments.announcements import ThreadChange, Unpacker
from comments.publisher import group_of, publisher

T = TypeVar("T")
PATIENCE = 30.0  # s that an announcement may take


class Listener:
    """Listens to a thread as a server's hub does: on the loop on which the publisher sends."""

    def __init__(self, thread_id: int) -> None:
        self._group = group_of(thread_id)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        publisher.attach(self._loop)
        self._layer = get_channel_layer()
        self._channel: str = self._run(self._layer.new_channel())
        self._run(self._layer.group_add(self._group, self._channel))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._layer.group_discard(self._group, self._channel))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def next(self) -> ThreadChange:
        """The next change that is announced."""
        message = self._run(asyncio.wait_for(self._layer.receive(self._channel), PATIENCE))
        announcement = Unpacker().unpack(message)
        assert isinstance(announcement, ThreadChange)
        return announcement

    def next_frame(self) -> dict[str, Any]:
        """The frame of the next change, decoded."""
        frame: dict[str, Any] = json.loads(self.next().change.frame)
        return frame

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(2 * PATIENCE)


def announced_by(on_commit: Callable[[], object]) -> ThreadChange:
    """The announcement that a callback of captureOnCommitCallbacks would hand to the publisher."""
    _, announcement = cast("partial[None]", on_commit).args
    assert isinstance(announcement, ThreadChange)
    return announcement
