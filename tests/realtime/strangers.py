"""Sockets from other addresses of the loopback network: the readers of the stages have 127.0.0.1."""

from __future__ import annotations

import json
from collections.abc import Callable

from websockets.asyncio.client import ClientConnection, connect

from tests.realtime.stage import Stage
from tests.realtime.thread_copy import Frame


def come(
    stage: Stage,
    address: str,
    *,
    slug: str | None = None,
    view: str = "",
    headers: dict[str, str] | None = None,
) -> connect:
    """A socket from this address, on an article of its own unless one is named."""
    return connect(
        f"{stage.server.ws_url}/ws/article/{slug or stage.new_article()}/?reader={view}",
        additional_headers=headers,
        local_addr=(address, 0),
        compression=None,
        proxy=None,
    )


async def until(socket: ClientConnection, fits: Callable[[Frame], bool]) -> Frame:
    """Read until there is a frame that fits."""
    while not fits(frame := json.loads(await socket.recv())):
        pass
    return frame
