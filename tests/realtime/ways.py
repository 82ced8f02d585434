"""The three ways of a reader, with one interface: come, and hear how it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import connect

from tests.realtime.client import PATIENCE
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import Frame

Told = tuple[int, str]  # a close code or a status, and the reason


class Visit:
    """One reader of an article on one way. frames: everything that came, in order."""

    is_http = True

    def __init__(self, stage: Stage, slug: str, headers: dict[str, str], http: httpx.AsyncClient) -> None:
        self.frames: list[Frame] = []
        self.told: Told | None = None  # how it ended
        self._stage = stage
        self._slug = slug
        self._headers = headers
        self._http = http
        self._news = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    async def come(self) -> None:
        """Open the connection, and wait until something came, or it is over."""
        self._life = asyncio.create_task(self._live())
        await self.until(lambda: bool(self.frames) or self.told is not None)

    async def ends(self) -> Told:
        """Wait for the end; returns what was told of it."""
        await self.until(lambda: self.told is not None)
        assert self.told is not None
        return self.told

    async def until(self, condition: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                if self._life is not None and self._life.done():
                    self._life.result()
                    assert condition(), "it ended without a word"
                self._news.clear()
                await self._news.wait()

    async def leave(self) -> None:
        if self._life is not None:
            self._life.cancel()
            await asyncio.wait([self._life])

    async def _live(self) -> None:
        try:
            await self._follow()
        finally:
            self._news.set()

    async def _follow(self) -> None:
        raise NotImplementedError

    def _take(self, frame: Frame) -> None:
        self.frames.append(frame)
        if frame["type"] == "bye":
            self.told = frame["code"], frame["reason"]
        self._news.set()

    def _take_refusal(self, answer: httpx.Response) -> None:
        self.told = answer.status_code, answer.json()["reason"]


class OnSocket(Visit):
    is_http = False

    async def _follow(self) -> None:
        address = f"{self._stage.url.replace('http', 'ws', 1)}/ws/article/{self._slug}/"
        async with connect(
            address, additional_headers=self._headers, compression=None, open_timeout=PATIENCE, proxy=None
        ) as socket:
            async for text in socket:
                self._take(json.loads(text))


class OnStream(Visit):
    async def _follow(self) -> None:
        address = f"{self._stage.url}/api/articles/{self._slug}/events/"
        async with self._http.stream("GET", address, headers=self._headers) as answer:
            if answer.status_code != 200:
                await answer.aread()
                self._take_refusal(answer)
                return
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    self._take(json.loads(line.removeprefix("data: ")))


class OnPolling(Visit):
    """One question that waits. An answer is told as 200, "answered"."""

    async def come(self) -> None:
        await self._ask(wait=1)  # so the server knows the room, and the next one waits soon
        if self.told == (200, "answered"):
            self.told = None
            self._life = asyncio.create_task(self._live())

    async def _follow(self) -> None:
        await self._ask(wait=25)

    async def _ask(self, wait: int) -> None:
        address = f"{self._stage.url}/api/articles/{self._slug}/history/"
        query = {"after": 0, "wait": wait}
        answer = await self._http.get(address, params=query, headers=self._headers)
        if answer.is_success:
            self.told = 200, "answered"
        else:
            self._take_refusal(answer)


WAYS: dict[str, type[Visit]] = {"socket": OnSocket, "stream": OnStream, "polling": OnPolling}


@asynccontextmanager
async def three_ways(stage: Stage, slug: str, headers: dict[str, str]) -> AsyncIterator[list[Visit]]:
    """The same reader three times, on each way, who leave in the end."""
    async with httpx.AsyncClient(trust_env=False, timeout=90) as http:
        visits = [way(stage, slug, headers, http) for way in WAYS.values()]
        try:
            yield visits
        finally:
            for visit in visits:
                await visit.leave()
