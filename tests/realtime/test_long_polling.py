"""A client that can have neither socket nor stream asks the history, which waits for something to tell."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.realtime.http import waiting_requests
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.services.redis import RedisServer
from tests.services.waiting import wait_until

AT_ONCE = 10.0  # s: on a busy machine; what waits, waits for 20
# Threads that begin when they are needed first, and stay, whoever waits: 8 for commands, 2 for repairs, a few
# of the loop's and of the pool of connections. One thread for each who waits would be 200.
POOLS = 20
Ask = Callable[..., Any]


@asynccontextmanager
async def history_of(stage: Stage, slug: str) -> AsyncIterator[Ask]:
    """Ask the history; returns the status, the answer, and the seconds that it took."""
    async with httpx.AsyncClient(trust_env=False, timeout=90) as http:

        async def ask(**query: object) -> tuple[int, Any, float]:
            clock = asyncio.get_running_loop().time
            begun = clock()
            answer = await http.get(f"{stage.url}/api/articles/{slug}/history/", params=query)  # type: ignore[arg-type]
            return answer.status_code, answer.json(), clock() - begun

        yield ask


@scene
async def test_what_is_behind_is_answered_at_once(stage: Stage) -> None:
    async with stage.audience() as audience, history_of(stage, audience.slug) as ask:
        alice = await audience.join("alice")
        await alice.post("Ripe.")
        status, answer, seconds = await ask(after=0, epoch=alice.copy.epoch, wait=20)
        assert (status, answer["seq"], len(answer["changes"])) == (200, 1, 1)
        assert seconds < AT_ONCE

        for query in ({"after": 1, "epoch": "another"}, {"after": 7}):
            status, answer, seconds = await ask(**query, wait=20)
            assert (status, answer["reset"], answer["changes"]) == (200, True, [])
            assert seconds < AT_ONCE


@pytest.mark.parametrize(
    "query",
    [
        {"wait": 26}, {"wait": -1}, {"wait": "long"}, {"wait": "9" * 5000},
        {"after": "x", "wait": 20}, {"after": "9" * 5000, "wait": 20}, {"after": -1, "wait": 20},
        {"limit": 0, "wait": 20}, {"epoch": "x" * 65, "wait": 20},
    ],
    ids=str,
)  # fmt: skip
@scene
async def test_a_bad_question_is_refused_at_once(uvicorn_stage: Stage, query: dict[str, Any]) -> None:
    async with history_of(uvicorn_stage, "stage-0") as ask:
        status, answer, seconds = await ask(**{"after": 0, **query})

        assert (status, answer["reason"]) == (400, "bad_field")
        assert seconds < AT_ONCE


@scene
async def test_an_unknown_article_is_not_waited_for(stage: Stage) -> None:
    async with history_of(stage, "nothing-of-the-kind") as ask:
        status, answer, seconds = await ask(after=0, wait=20)

        assert (status, answer["reason"]) == (404, "not_found")
        assert seconds < AT_ONCE


@scene
async def test_nothing_new_is_said_after_the_wait(stage: Stage) -> None:
    async with history_of(stage, stage.new_article()) as ask:
        status, answer, seconds = await ask(after=0, wait=1)

        assert (status, answer["seq"], answer["changes"], answer["reset"]) == (200, 0, [], False)
        assert seconds >= 0.9


@scene
async def test_every_change_wakes_who_waits(stage: Stage) -> None:
    async with stage.audience() as audience, history_of(stage, audience.slug) as ask:
        alice = await audience.join("alice")
        known, told, live = 0, [], 0
        for number in range(5):
            waiting = asyncio.create_task(ask(after=known, epoch=alice.copy.epoch, wait=20))
            await ask(after=known, wait=1)  # so the first has been parked by now
            posting = asyncio.get_running_loop().time()
            ack = await alice.post(f"{number}")
            _, answer, _ = await waiting
            assert asyncio.get_running_loop().time() - posting < AT_ONCE
            live += (await alice.next("message", seq=ack["seq"])).get("ref") == ack["ref"]
            known = answer["seq"]
            told += [change["content"] for change in answer["changes"]]

        assert told == ["0", "1", "2", "3", "4"]
        assert live > 2  # the channel layer carried them, and not the look at the heads, which knows no ref


@scene
async def test_a_change_in_another_process_wakes_who_waits(
    new_stage: Callable[..., Stage], new_redis: Callable[[], RedisServer]
) -> None:
    redis = new_redis()
    here = new_stage(redis=redis)
    there = new_stage(redis=redis, database_url=here.server.database_url)
    async with here.audience() as audience, history_of(there, audience.slug) as ask:
        alice = await audience.join("alice")
        await ask(after=0, wait=1)
        waiting = asyncio.create_task(ask(after=0, wait=20))
        ack = await alice.post("Here.")
        _, answer, _ = await waiting

        assert [change["id"] for change in answer["changes"]] == [ack["id"]]


@scene
async def test_requests_that_wait_hold_no_thread_and_no_connection_to_the_database(
    uvicorn_stage: Stage,
) -> None:
    stage = uvicorn_stage
    async with stage.audience() as audience, history_of(stage, audience.slug) as ask:
        alice = await audience.join("alice")
        await asyncio.gather(*(ask(after=0) for _ in range(30)))  # what a busy minute needs
        worker = stage.server.worker
        busy = threads_of(worker)
        path = f"/api/articles/{audience.slug}/history/?after=0&wait=25"
        async with waiting_requests(stage, path, 200) as parked:
            await asyncio.gather(*(ask(after=0) for _ in range(10)))
            await asyncio.to_thread(wait_until, lambda: database_files_of(worker, stage) <= 2)
            await asyncio.to_thread(wait_until, lambda: threads_of(worker) <= busy + POOLS)
            _, _, seconds = await ask(after=0)
            assert seconds < AT_ONCE

            await alice.post("Wake up.")
            assert [await each.status() for each in parked] == [200] * 200


@scene
async def test_one_address_can_hold_so_many_streams_and_each_that_goes_makes_room(
    limited_stage: Stage,
) -> None:
    stage = limited_stage
    path = f"/api/articles/{stage.new_article()}/events/"
    short = stage.url + path
    async with waiting_requests(stage, path, 200), httpx.AsyncClient(trust_env=False, timeout=90) as http:
        answer = await until_status(http, short, lambda code: code == 429)
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["reason"] == "rate_limited"
    async with httpx.AsyncClient(trust_env=False, timeout=90) as http:
        await until_status(http, short, lambda code: code == 200)


async def until_status(http: httpx.AsyncClient, url: str, fits: Callable[[int], bool]) -> httpx.Response:
    """Ask again until the answer's status fits; a body is read of a refusal only, for a stream has no end."""
    async with asyncio.timeout(60):
        while True:
            async with http.stream("GET", url) as answer:
                if answer.status_code != 200:
                    await answer.aread()
                if fits(answer.status_code):
                    return answer


def threads_of(process: int) -> int:
    return len(os.listdir(f"/proc/{process}/task"))


def database_files_of(process: int, stage: Stage) -> int:
    """How many connections to its database the process holds; on PostgreSQL a pool does, whatever happens."""
    name = stage.server.database_url.removeprefix("sqlite:///")
    files = Path(f"/proc/{process}/fd").iterdir()
    return sum(os.path.realpath(file) == name for file in files)
