"""After any handshake, however strange, the server answers the next one as ever."""

import asyncio

import pytest

from tests.realtime.raw import PATIENCE, frame, handshake, open_socket, raw_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage


async def answers(stage: Stage, slug: str) -> None:
    async with open_socket(stage.url, slug) as socket:
        socket.send(frame(b'{"type":"ping","timestamp":41}'))
        await asyncio.wait_for(socket.reader.readuntil(b'"timestamp":41'), PATIENCE)


HANDSHAKES = {
    "a header that is too long": {"Cookie": "x" * 20_000},
    "too many headers": {f"X-{number}": "x" for number in range(300)},
    "a key that is none": {"Sec-WebSocket-Key": "short"},
    "a version that is none": {"Sec-WebSocket-Version": "12"},
    "Latin letters in a header": {"Authorization": "Token é", "Cookie": "é=é; sessionid=é"},
    "an extension that is none": {"Sec-WebSocket-Extensions": ";;;"},
    "a subprotocol that is none": {"Sec-WebSocket-Protocol": ",,\x01"},
}


@pytest.mark.promise(20)
@scene
async def test_strange_handshakes_break_nothing(stage: Stage) -> None:
    slug = stage.new_article()
    for headers in HANDSHAKES.values():
        async with raw_socket(stage.url) as socket:
            socket.send(handshake(stage.url, f"/ws/article/{slug}/", headers))
            head = await asyncio.wait_for(socket.reader.read(200), PATIENCE)
            assert head.startswith(b"HTTP/1.1 ") or head == b""
    for path in (
        f"/ws/article/{slug}/\xe9",
        "/ws/article/%ff%fe/",
        f"/ws/article/{slug}/?é",
        "/" + "a" * 9000,
    ):
        async with raw_socket(stage.url) as socket:
            socket.send(handshake(stage.url, path))
            await asyncio.wait_for(socket.reader.read(200), PATIENCE)

    await answers(stage, slug)
