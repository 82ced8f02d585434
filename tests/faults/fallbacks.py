"""Readers without a socket: they write over HTTP, and follow a stream or poll the history."""

from __future__ import annotations

import asyncio
import json
import random
import uuid

import httpx

from tests.realtime.client import FIRST_WAIT, LONGEST_WAIT, PATIENCE, Reader
from tests.realtime.thread_copy import Frame

SILENCE = 32.0  # s without a byte of a stream, which says something every 15 s, until it is given up
WAIT = 20  # s that the history may take to answer


class HttpReader(Reader):
    """What both have in common: they write over HTTP, repeat what got no answer, and learn no number."""

    async def post(
        self, content: str, *, parent: str | None = None, ref: str | None = None, within: float = PATIENCE
    ) -> Frame:
        """Write a comment; returns the answer as a socket's ack or error."""
        fields = {"content": content, "parent": parent, "ref": ref or str(uuid.uuid4())}
        async with asyncio.timeout(within):
            while True:
                try:
                    answer = await self._http.post(
                        f"{self._api}/comments/", json=fields, headers=self._headers
                    )
                    told = answer.json()
                    break
                except (httpx.HTTPError, ValueError):
                    await asyncio.sleep(random.uniform(0, 1))  # noqa: S311 - a wait
        if not answer.is_success:
            return {"type": "error", **told}
        duplicate = answer.status_code == 200
        return {"type": "ack", "id": told["id"], "seq": None, "ref": fields["ref"], "duplicate": duplicate}

    async def join(self) -> Frame:
        """Begin to follow; there may be no welcome to return."""
        self._life = asyncio.create_task(self._live())
        await self.until(lambda: self.connections > 0)
        return {}

    async def _live(self) -> None:
        loop, attempt = asyncio.get_running_loop(), 0
        while True:
            try:
                await self._follow()
                attempt = 0
            except (httpx.HTTPError, ValueError):
                if self._lost_at is None:
                    self._lost_at = loop.time()
                attempt += 1
            longest = min(FIRST_WAIT * 2**attempt, LONGEST_WAIT) if attempt else 0.0
            await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 - a wait

    async def _follow(self) -> None:
        """Follow until the answer ends. Raises httpx.HTTPError where the connection is lost."""
        raise NotImplementedError


class StreamReader(HttpReader):
    """Follows `events/`, and resumes from the id of the last event."""

    async def _follow(self) -> None:
        headers = {**self._headers, "Last-Event-ID": f"{self.copy.epoch}:{self.copy.position}"}
        timeout = httpx.Timeout(PATIENCE, read=SILENCE)
        async with self._http.stream(
            "GET", f"{self._api}/events/", headers=headers, timeout=timeout
        ) as answer:
            answer.raise_for_status()
            self.connections += 1
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    await self._take(json.loads(line.removeprefix("data: ")))
                    self._news.set()


class PollReader(HttpReader):
    """Polls the history, which answers as soon as there is a change."""

    async def _follow(self) -> None:
        query: dict[str, str | int] = {"after": self.copy.position, "epoch": self.copy.epoch}
        if self.connections:
            query["wait"] = WAIT
        answer = await self._http.get(
            f"{self._api}/history/", params=query, headers=self._headers, timeout=WAIT + PATIENCE
        )
        told = answer.raise_for_status().json()
        if told["reset"]:
            await self.read_snapshot()
        else:
            self.copy.replay(told)
        self.connections += 1
        self._note_recovery()
        self._note_time()
        self._news.set()
