"""Bad handshakes and their answers, on both servers."""

import asyncio
import json
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from tests.realtime.raw import PATIENCE, RawSocket, handshake, open_socket, raw_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.services.redis import RedisServer

# {port} is the port of the site, whose address is http://127.0.0.1:{port}.
FOREIGN = {
    "another site": "http://evil.example",
    "null": "null",
    "empty": "",
    "not an address": "hello",
    "half an address": "http://[evil",
    "another scheme": "https://127.0.0.1:{port}",
    "a scheme that browsers have": "file://",
    "another port": "http://127.0.0.1:{other}",
    "no port": "http://127.0.0.1",
    "our host as a part of theirs": "http://127.0.0.1.evil.com:{port}",
    "our host as their user name": "http://127.0.0.1:{port}@evil.com",
    "our origin and more": "http://127.0.0.1:{port}/",
    "our origin twice": "http://127.0.0.1:{port} http://127.0.0.1:{port}",
}
# Daphne's library refuses with 400 by itself what it can't parse.
UNPARSABLE = {"empty", "not an address", "half an address", "a scheme that browsers have", "our origin twice"}

OF_GOOD_EXAMPLE = {
    "https://good.example": 101,
    "https://good.example.evil.com": 403,
    "https://good.example:8443": 403,
    "http://good.example": 403,
    "https://evilgood.example": 403,
    "https://x.good.example": 403,
}

NOWHERE = {
    "unknown": "/ws/article/no-such-article/",
    "a draft": "/ws/article/a-draft/",
    "no article": "/ws/article/",
    "no path of ours": "/ws/",
    "no slug": "/ws/article/%C3%A9/",
}
SOCKETS_PER_ADDRESS = 200


async def status_of(stage: Stage, headers: dict[str, str]) -> int:
    async with raw_socket(stage.url) as socket:
        socket.send(handshake(stage.url, f"/ws/article/{stage.new_article()}/", headers))
        return await socket.status()


@pytest.mark.parametrize("what", FOREIGN)
@scene
async def test_an_origin_that_is_not_ours_is_answered_with_403(stage: Stage, what: str) -> None:
    port = stage.server.port
    origin = FOREIGN[what].format(port=port, other=port + 1)

    status = await status_of(stage, {**stage.headers("alice", by="token"), "Origin": origin})

    assert status == 403 or (status == 400 and stage.server.redis is None and what in UNPARSABLE)


def test_a_host_that_only_looks_like_ours_is_answered_with_403(
    new_stage: Callable[..., Stage], redis_server: RedisServer
) -> None:
    https = {"SITE_URL": "https://good.example", "TRUSTED_PROXIES": "127.0.0.1"}
    stage = new_stage(redis=redis_server, ALLOWED_HOSTS="127.0.0.1", **https)

    told = {"X-Forwarded-Proto": "https"}
    answers = {
        origin: asyncio.run(status_of(stage, {**told, "Origin": origin})) for origin in OF_GOOD_EXAMPLE
    }

    assert answers == OF_GOOD_EXAMPLE


@pytest.mark.parametrize("path", NOWHERE.values(), ids=NOWHERE)
@scene
async def test_where_there_is_no_article_a_bye_4503_is_the_answer(stage: Stage, path: str) -> None:
    async with raw_socket(stage.url) as socket:
        socket.send(handshake(stage.url, path))
        assert await socket.status() == 101
        texts, code = await socket.texts_and_close()

    bye = json.loads(texts[-1])
    assert (code, bye["type"], bye["code"], bye["reconnect"]) == (4503, "bye", 4503, False)


@scene
async def test_a_token_in_the_address_is_not_looked_at_and_not_logged(stage: Stage) -> None:
    token = stage.token("alice")
    async with raw_socket(stage.url) as socket:
        socket.send(handshake(stage.url, f"/ws/article/{stage.new_article()}/?token={token}"))
        assert await socket.status() == 101
        welcome = await asyncio.wait_for(socket.reader.readuntil(b'"heartbeat"'), PATIENCE)

    assert b'"user":null' in welcome
    assert token not in stage.server.log()


@scene
async def test_one_socket_more_than_an_address_may_have_gets_4504_whatever_it_claims_to_be(
    limited_stage: Stage,
) -> None:
    slug = limited_stage.new_article()

    async def come(number: int) -> RawSocket:
        claim = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        return await stack.enter_async_context(open_socket(limited_stage.url, slug, claim))

    async with AsyncExitStack() as stack:
        welcomed = 0  # earlier tests' sockets may still be closing, and count until then
        while welcomed < SOCKETS_PER_ADDRESS:
            socket = await come(welcomed)
            _, first = await asyncio.wait_for(socket.read_frame(), PATIENCE)
            welcomed += json.loads(first)["type"] == "welcome"
        texts, code = await (await come(SOCKETS_PER_ADDRESS)).texts_and_close()

    assert code == 4504
    assert json.loads(texts[-1])["reason"] == "too_many_sockets"
