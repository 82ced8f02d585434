"""No request is too long or too slow, and no answer waits for somebody who does not read it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import pytest

from comments.rates import Rate
from realtime.uvicorn_limits import Limits
from realtime.uvicorn_protocols import PreparedWebSocketProtocol, TimedHttpProtocol
from tests.realtime.raw import PATIENCE, frame, handshake
from tests.realtime.served import HOST, answer_of, is_closed, on_uvloop, served
from tests.realtime.served_applications import accept, greet, never, say_enough, say_it_all_at_once, say_much

SHORT, LONG = 0.2, 1.0  # s
LIMITS = Limits(
    head_patience=SHORT, body_patience=SHORT, body_rate=1_000_000, unread_patience=SHORT, lingering=SHORT
)
HELLO = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"


class Hasty(TimedHttpProtocol):
    limits = LIMITS


class Patient(TimedHttpProtocol):
    """For those who are slow, and yet not too slow, on a machine that has other work."""

    limits = Limits(body_patience=LONG, body_rate=400_000, unread_patience=LONG)


class PatientSocket(PreparedWebSocketProtocol):
    limits = Limits(unread_patience=SHORT, control_frames=Rate(capacity=10**9, per_second=1))


TOO_MUCH = {
    "a header without an end": (b"GET / HTTP/1.1\r\nX: " + b"x" * 400_000, 431),
    "headers without an end": (b"GET / HTTP/1.1\r\n" + b"X: x\r\n" * 110, 431),
    "large headers": (b"GET / HTTP/1.1\r\n" + b"X: %s\r\n" % (b"x" * 8_000) * 5 + b"\r\n", 431),
    "a long address": (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
    "an address without an end": (b"GET /" + b"x" * 400_000, 414),
    "trailers without an end": (
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: " + b"x" * 700_000, 431
    ),
    "no HTTP": (b"hello\r\n\r\n", 400),
}  # fmt: skip


@pytest.mark.parametrize("what", TOO_MUCH)
@on_uvloop
async def test_what_is_too_much_is_answered_before_it_has_all_come(what: str) -> None:
    said, status = TOO_MUCH[what]
    async with served(greet) as server, server.says(said) as client:
        code, body = await answer_of(client)

        assert (code, json.loads(body)["code"]) == (status, status)
        assert await is_closed(client)


@on_uvloop
async def test_a_body_that_does_not_come_is_given_up() -> None:
    post = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 100\r\n\r\nhalf of it"
    async with served(greet, Hasty) as server, server.says(post) as client:
        code, body = await answer_of(client)

        assert (code, json.loads(body)["reason"]) == (408, "too_slow")
        assert await is_closed(client)


@on_uvloop
async def test_a_body_that_keeps_coming_may_take_its_time() -> None:
    post = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 2000000\r\n\r\n"
    async with served(greet, Patient) as server, server.says(post) as client:
        answered = asyncio.create_task(answer_of(client))
        for _ in range(20):  # faster than it has to be, and twice as long as the patience
            client.send(b"x" * 100_000)
            await asyncio.wait({answered}, timeout=LONG / 10)

        assert await answered == (200, b"hello")


@on_uvloop
async def test_empty_lines_do_not_keep_a_connection_open() -> None:
    async with served(greet) as server, server.says(HELLO) as client:
        assert (await answer_of(client))[0] == 200
        closed = asyncio.create_task(is_closed(client))
        while not closed.done():
            client.send(b"\r\n")
            await asyncio.wait({closed}, timeout=SHORT)


@on_uvloop
async def test_an_answer_that_nobody_reads_is_given_up() -> None:
    async with served(say_much, Hasty) as server, server.hears_little(HELLO):
        await server.loses_one()


@on_uvloop
async def test_what_is_left_of_an_answer_is_not_kept_for_ever() -> None:
    """The application has said all, and the server has closed; only the client takes nothing."""
    last = b"GET / HTTP/1.0\r\n\r\n"
    async with served(say_it_all_at_once, Hasty) as server, server.hears_little(last):
        await server.loses_one()


@on_uvloop
async def test_an_answer_that_somebody_reads_slowly_goes_on() -> None:
    async with served(say_much, Patient) as server, server.hears_little(HELLO) as client:
        dropped = asyncio.create_task(server.loses_one())
        for _ in range(20):  # much less than the system frees at once
            await client.reader.readexactly(50_000)
            await asyncio.wait({dropped}, timeout=LONG / 10)

        assert not dropped.done()


@on_uvloop
async def test_requests_do_not_pile_up_behind_one_that_waits() -> None:
    async with served(never, Hasty) as server, server.says(HELLO * 12) as client:
        assert await is_closed(client)


@on_uvloop
async def test_who_asks_for_more_and_goes_away_is_noticed() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def wait(scope: Any, receive: Any, send: Any) -> None:
        begun.set()
        await never(scope, receive, send)
        ended.set()

    async with served(wait) as server:
        async with server.says(HELLO * 2):
            await asyncio.wait_for(begun.wait(), PATIENCE)
        await asyncio.wait_for(ended.wait(), PATIENCE)


@on_uvloop
async def test_who_is_answered_before_they_have_said_all_can_read_it() -> None:
    post = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 100000000\r\n\r\n"
    async with served(say_enough, Hasty) as server, server.says(post + b"x" * 1_000_000) as client:
        assert await answer_of(client) == (200, b"enough")
        assert await is_closed(client)


@pytest.mark.parametrize(
    "said", [frame(b"", opcode=9), frame(b"", opcode=10), frame(b"", fin=False, opcode=0)]
)
@on_uvloop
async def test_frames_that_say_nothing_do_not_flood_a_socket(said: bytes) -> None:
    async with served(accept, Hasty) as server, server.says(handshake(server.url, "/")) as client:
        assert await client.status() == 101
        client.send(frame(b"", fin=False) + said * 3_000)
        _, code = await client.texts_and_close()

        assert code == 4005


@on_uvloop
async def test_a_socket_that_does_not_read_its_pongs_is_dropped_and_costs_little() -> None:
    pings = frame(b"x" * 125, opcode=9) * 1_000
    opening = handshake("http://blog.example", "/")
    async with served(accept, Hasty, PatientSocket) as server, server.hears_little(opening) as deaf:
        assert await deaf.status() == 101
        most = 0
        with contextlib.suppress(ConnectionError):
            while True:
                deaf.send(pings)
                await asyncio.wait_for(deaf.writer.drain(), PATIENCE)
                most = max(most, server.waiting)

        assert most < 1_000_000
