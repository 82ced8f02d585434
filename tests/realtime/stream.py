"""A reader without a socket: an EventSource that keeps the wire contract, and comes back with its last id."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx

from tests.realtime.client import PATIENCE
from tests.realtime.stage import KEPT, Stage
from tests.realtime.thread_copy import Frame, ThreadCopy
from tests.realtime.whole import read_whole

T = TypeVar("T")


class EventReader:
    """One stream's worth of a reader.

    frames: everything that arrived, in order. ids: of the numbered ones. retry: ms before coming back.
    """

    def __init__(self, stage: Stage, slug: str, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self.copy = ThreadCopy()
        self.frames: list[Frame] = []
        self.ids: list[str] = []
        self.retry: int | None = None
        self._address = f"{stage.url}/api/articles/{slug}"
        self._http = http
        self._headers = headers
        self._news = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    async def open(self) -> Frame:
        """Begin with a snapshot, and join."""
        page, comments = await read_whole(self._http, f"{self._address}/comments/")
        self.copy.begin(page["epoch"], page["seq"], comments, count=page["count"], policy=page["policy"])
        self.ids = [f"{page['epoch']}:{page['seq']}"]
        return await self.join()

    async def join(self, last_event_id: str | None = None) -> Frame:
        """Connect, from the last event on unless another id is given; returns the first frame."""
        await self.leave()
        last = (self.ids or [""])[-1] if last_event_id is None else last_event_id
        before = len(self.frames)
        self._life = asyncio.create_task(self._listen({"Last-Event-ID": last} if last else {}))
        return await self.until(lambda: next(iter(self.frames[before:]), None))

    async def leave(self) -> None:
        """Lose the connection."""
        if self._life is not None:
            self._life.cancel()
            await asyncio.wait([self._life])

    @property
    def ended(self) -> bool:
        """Whether the server ended the stream, properly."""
        return self._life is not None and self._life.done() and self._life.exception() is None

    async def until(self, condition: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Return what `condition()` is as soon as that is true."""
        async with asyncio.timeout(within):
            while not (value := condition()):
                if self._life is not None and self._life.done():
                    self._life.result()  # raises what ended it, if the server did not
                self._news.clear()
                await self._news.wait()
        return value

    async def next(self, type_: str, within: float = PATIENCE, **fields: object) -> Frame:
        """Return the first frame of this type and with these fields, waiting for it if need be."""

        def found() -> Frame | None:
            fitting = (frame for frame in self.frames if frame["type"] == type_)
            return next((f for f in fitting if all(f.get(k) == v for k, v in fields.items())), None)

        return await self.until(found, within)

    async def reaches(self, seq: int, within: float = PATIENCE) -> None:
        await self.until(lambda: self.copy.position >= seq, within)

    async def _listen(self, last: dict[str, str]) -> None:
        try:
            async with self._http.stream(
                "GET", f"{self._address}/events/", headers={**self._headers, **last}
            ) as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                event: dict[str, str] = {}
                async for line in answer.aiter_lines():
                    if line:
                        name, _, value = line.partition(":")
                        event[name] = value.removeprefix(" ")
                    elif event:
                        self._take(event)
                        event = {}
        finally:
            self._news.set()

    def _take(self, event: dict[str, str]) -> None:
        if "data" not in event:
            return  # a comment
        frame = json.loads(event["data"])
        assert event["event"] == frame["type"]
        if "retry" in event:
            self.retry = int(event["retry"])
        if "prev" in frame:
            assert event["id"] == f"{self.copy.epoch}:{frame['seq']}"
            assert self.copy.take(frame), f"{frame['seq']} came twice"
            self.ids.append(event["id"])
        else:
            assert "id" not in event
        self.frames.append(frame)
        self._news.set()


@asynccontextmanager
async def streams(stage: Stage, slug: str) -> AsyncIterator[Callable[..., EventReader]]:
    """Make readers on streams, who all leave in the end."""
    readers: list[EventReader] = []

    limits = httpx.Limits(max_connections=None, max_keepalive_connections=KEPT)
    async with httpx.AsyncClient(trust_env=False, timeout=90, limits=limits) as http:

        def make(who: str | None = None, by: str = "token") -> EventReader:
            readers.append(EventReader(stage, slug, http, stage.headers(who, by)))
            return readers[-1]

        try:
            yield make
        finally:
            for reader in readers:
                await reader.leave()
