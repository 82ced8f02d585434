"""Requests beside a crowd: comments, reads and probes of the servers' health, all over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from tests.faults.cluster import Cluster
from tests.faults.crowd import Crowd

EVERY = 0.5  # s between two requests


@dataclass(frozen=True)
class Answer:
    """An answer: its status, the reason of a refusal, the seconds that it took, and when it came."""

    status: int
    reason: str | None
    seconds: float
    at: float  # by the loop's clock


@asynccontextmanager
async def posting_over_http(crowd: Crowd) -> AsyncIterator[list[Answer]]:
    """Comments without a socket, one after the other; gives the answers."""
    numbers = itertools.count()

    def post() -> Awaitable[httpx.Response]:
        return crowd.post_over_http("carol", f"Over HTTP, {next(numbers)}.", str(uuid.uuid4()))

    async with asking(post) as answers:
        yield answers


@asynccontextmanager
async def reading_over_http(crowd: Crowd) -> AsyncIterator[list[Answer]]:
    """Snapshots and histories in turn, each of its head; gives the answers."""
    api = f"{crowd.audience.stage.url}/api/articles/{crowd.audience.slug}"
    places = itertools.cycle([f"{api}/comments/?limit=5", f"{api}/history/?after=0&limit=5"])

    async with asking(lambda: crowd.audience.http.get(next(places))) as answers:
        yield answers


@asynccontextmanager
async def health(cluster: Cluster) -> AsyncIterator[list[Answer]]:
    """Ask all servers how they are, again and again; gives the answers."""
    urls = itertools.cycle([f"{server.url}/healthz" for server in cluster.servers])
    async with (
        httpx.AsyncClient(trust_env=False, timeout=10) as http,
        asking(lambda: http.get(next(urls)), every=EVERY / 2) as answers,
    ):
        yield answers


@asynccontextmanager
async def asking(
    ask: Callable[[], Awaitable[httpx.Response]], *, every: float = EVERY
) -> AsyncIterator[list[Answer]]:
    """Send one request after the other beside the block; one without an answer fails the block's end.

    This ends when the last one is answered: a comment that was given up on its way might be stored later.
    """
    answers: list[Answer] = []
    over = asyncio.Event()

    async def keep_asking() -> None:
        clock = asyncio.get_running_loop().time
        while not over.is_set():
            begun = clock()
            answer = await ask()
            answers.append(Answer(answer.status_code, reason_of(answer), seconds=clock() - begun, at=clock()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), every)

    task = asyncio.create_task(keep_asking())
    try:
        yield answers
    finally:
        over.set()
        await asyncio.wait([task])
    task.result()


def reason_of(answer: httpx.Response) -> str | None:
    """The reason of a refusal of the API's; None for any other answer."""
    is_json = answer.headers.get("Content-Type") == "application/json"
    return answer.json().get("reason") if answer.is_error and is_json else None
