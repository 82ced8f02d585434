"""One address has few requests worked at at once, and makes no other address wait."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import pytest

from realtime.readers.replies import until_gone
from realtime.requests.bounds import Bounds
from realtime.requests.turns import Most, Turns
from tests.realtime.raw import PATIENCE, RawSocket
from tests.realtime.served import HOST, Served, answer_of, is_closed, on_uvloop, served
from tests.realtime.served_applications import greet, say


@pytest.fixture(autouse=True)
def _limits(settings: Any) -> None:
    settings.COMMENTS_RATE_LIMITS = True


class Kitchen:
    """An application that works at a request until it is told to serve; the path says which."""

    def __init__(self) -> None:
        self.at_work: list[str] = []
        self.came = asyncio.Condition()
        self.serve = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if (await receive())["type"] == "http.disconnect":
            return
        async with self.came:
            self.at_work.append(scope["path"])
            self.came.notify_all()
        gone = asyncio.create_task(until_gone(receive))
        served = asyncio.create_task(self.serve.wait())
        await asyncio.wait([gone, served], return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if served.done():
            await say(send, scope["path"].encode())
        served.cancel()

    async def has(self, number: int) -> None:
        async with self.came:
            await self.came.wait_for(lambda: len(self.at_work) >= number)


def get(address: str, path: str = "/", accept: str = "*/*") -> bytes:
    """A request that a proxy passed on, whom uvicorn believes."""
    head = f"GET {path} HTTP/1.1\r\nX-Forwarded-For: {address}\r\nAccept: {accept}\r\n"
    return head.encode() + HOST + b"\r\n"


@on_uvloop
async def test_one_address_has_a_few_requests_worked_at_and_another_need_not_wait() -> None:
    kitchen = Kitchen()
    async with served(Bounds(kitchen, work=Most(of_one=3, in_all=5))) as server, AsyncExitStack() as stack:
        come = partial(come_to, server, stack)
        many = [await come(get("203.0.113.1", "/many")) for _ in range(10)]
        await kitchen.has(3)
        other = await come(get("203.0.113.2", "/other"))
        await kitchen.has(4)

        assert kitchen.at_work == ["/many"] * 3 + ["/other"]
        kitchen.serve.set()
        assert [(await answer_of(client))[0] for client in [*many, other]] == [200] * 11


def test_those_who_wait_have_their_turn_one_address_after_another() -> None:
    served: list[str] = []

    async def be_served(turns: Turns, network: str) -> None:
        await turns.take(network, PATIENCE)
        served.append(network)
        turns.end_work(network)
        turns.end_answer(network)

    async def play() -> None:
        turns = Turns(work=Most(of_one=1, in_all=1), answers=Most(of_one=9, in_all=9))
        await turns.take("first", PATIENCE)
        async with asyncio.TaskGroup() as others:
            for network in ("many", "many", "many", "other", "third"):
                others.create_task(be_served(turns, network))
            await asyncio.sleep(0)  # each has begun to wait
            turns.end_work("first")
        assert len(turns) == 0

    asyncio.run(play())

    assert served == ["many", "other", "third", "many", "many"]


@on_uvloop
async def test_who_waits_too_long_is_asked_to_come_again() -> None:
    kitchen = Kitchen()
    bounds = Bounds(kitchen, work=Most(of_one=1, in_all=9), patience=0.1)
    async with served(bounds) as server, server.says(get("203.0.113.1")):
        await kitchen.has(1)
        async with server.says(get("203.0.113.1")) as client:
            check_busy(await answer_of(client))
        async with server.says(get("203.0.113.1", accept="text/html,*/*;q=0.8")) as client:
            code, page = await answer_of(client)

    assert (code, page[:15]) == (503, b"<!doctype html>")


@on_uvloop
async def test_more_than_may_be_here_are_asked_to_come_again_at_once() -> None:
    kitchen = Kitchen()
    bounds = Bounds(kitchen, here=Most(of_one=1, in_all=2))
    async with served(bounds) as server, AsyncExitStack() as stack:
        come = partial(come_to, server, stack)
        await come(get("203.0.113.1"))
        await kitchen.has(1)
        check_busy(await answer_of(await come(get("203.0.113.1"))))
        await come(get("203.0.113.2"))
        await kitchen.has(2)
        check_busy(await answer_of(await come(get("203.0.113.3"))))


@on_uvloop
async def test_who_goes_away_leaves_their_place_to_others() -> None:
    kitchen = Kitchen()
    one = Most(of_one=1, in_all=1)
    async with served(Bounds(kitchen, here=one, work=one)) as server:
        for number in range(3):
            async with server.says(get("203.0.113.1")):
                await kitchen.has(number + 1)
            await server.loses_one()


def test_answers_that_nobody_reads_keep_one_address_waiting_and_no_other() -> None:
    async def play() -> None:
        turns = Turns(work=Most(of_one=5, in_all=5), answers=Most(of_one=1, in_all=5))
        await turns.take("unread", 1)
        turns.end_work("unread")
        with pytest.raises(TimeoutError):
            await turns.take("unread", 0)
        await turns.take("other", 0)
        turns.end_answer("unread")
        await turns.take("unread", 0)

    asyncio.run(play())


BODIES = {
    "a length": b"Content-Length: 1001\r\n\r\n",
    "a length beyond all numbers": b"Content-Length: 9999999999999999999\r\n\r\n",
    "chunks": b"Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + b"x" * 1001 + b"\r\n",
}


@pytest.mark.parametrize("what", BODIES)
@on_uvloop
async def test_a_body_that_is_too_large_is_refused_before_it_has_come(what: str) -> None:
    bounds = Bounds(greet)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await bounds(scope, receive, send, 1000)

    async with (
        served(application) as server,
        server.says(b"POST / HTTP/1.1\r\n" + HOST + BODIES[what]) as client,
    ):
        code, body = await answer_of(client)

        assert (code, json.loads(body)["reason"]) == (413, "too_long")
        assert await is_closed(client)
    assert bounds.bodies == 0


def check_busy(answer: tuple[int, bytes]) -> None:
    code, body = answer
    assert (code, json.loads(body)["reason"], json.loads(body)["retry_after"]) == (503, "busy", 2)


async def come_to(server: Served, stack: AsyncExitStack, said: bytes) -> RawSocket:
    return await stack.enter_async_context(server.says(said))
