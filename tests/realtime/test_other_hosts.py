"""Streams, waiting requests and sockets turn away whom Django turns away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.realtime.raw import PATIENCE, handshake, raw_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.services.redis import RedisServer

WAYS = ("events/", "history/?after=0&wait=25")


@scene
async def test_who_names_another_host_is_turned_away(stage: Stage) -> None:
    slug = stage.new_article()
    other = {"Host": "evil.example"}
    answers = [await answer_to(stage, get(f"/api/articles/{slug}/{way}", other)) for way in WAYS]
    answers.append(await answer_to(stage, handshake(stage.url, f"/ws/article/{slug}/", other)))

    assert [status for status, _ in answers] == [400, 400, 403]


def test_who_comes_by_http_where_the_site_has_https_is_sent_there(
    new_stage: Callable[..., Stage], redis_server: RedisServer
) -> None:
    https = {"SITE_URL": "https://good.example", "TRUSTED_PROXIES": "127.0.0.1"}
    stage = new_stage(redis=redis_server, **https)
    slug, host = stage.new_article(), {"Host": "good.example"}
    told = {**host, "X-Forwarded-Proto": "https"}

    async def answers(headers: dict[str, str]) -> list[tuple[int, bytes]]:
        asked = [
            get(f"/api/articles/{slug}/{way}", headers) for way in ("events/", "history/?after=1&wait=1")
        ]
        asked.append(handshake(stage.url, f"/ws/article/{slug}/", headers))
        return [await answer_to(stage, each) for each in asked]

    plain, safe = asyncio.run(answers(host)), asyncio.run(answers(told))

    assert [status for status, _ in plain] == [301, 301, 403]
    assert b"https://good.example/api/articles/" in plain[0][1]
    assert [status for status, _ in safe] == [200, 200, 101]


@scene
async def test_a_large_body_for_the_api_is_refused_before_it_comes(uvicorn_stage: Stage) -> None:
    post = f"POST /api/guest/ HTTP/1.1\r\nHost: {uvicorn_stage.url[7:]}\r\nContent-Length: 300000000\r\n\r\n"

    assert (await answer_to(uvicorn_stage, post.encode()))[0] == 413


def get(path: str, headers: dict[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode()


async def answer_to(stage: Stage, said: bytes) -> tuple[int, bytes]:
    """The status and the head of the answer."""
    async with raw_socket(stage.url) as socket:
        socket.send(said)
        head = await asyncio.wait_for(socket.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        return int(head.split()[1]), head
