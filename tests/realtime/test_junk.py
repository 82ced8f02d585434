"""Whatever bytes a socket is sent, the server answers the next one as if nothing had been."""

import asyncio
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.realtime.raw import RawSocket, frame, handshake, open_socket, raw_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage

VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
FRAMES = st.fixed_dictionaries(
    {"type": st.sampled_from(["message", "typing", "ping", "auth", "welcome", "edit", ""])},
    optional={
        "content": VALUES, "ref": VALUES | st.uuids().map(str), "parent": VALUES, "on": VALUES,
        "timestamp": VALUES, "token": VALUES, "seq": VALUES,
    },
)  # fmt: skip
TEXTS = st.text(max_size=40) | FRAMES.map(json.dumps) | st.lists(VALUES).map(json.dumps)
GARBAGE = (
    TEXTS.map(lambda text: frame(text.encode("utf-8", "surrogatepass")))
    | st.builds(
        frame, st.binary(max_size=40), opcode=st.integers(0, 15), fin=st.booleans(), rsv=st.integers(0, 7)
    )
    | st.binary(max_size=40)
)


async def answers(stage: Stage, slug: str) -> None:
    async with open_socket(stage.url, slug) as socket:
        socket.send(frame(b'{"type":"ping","timestamp":41}'))
        await asyncio.wait_for(socket.reader.readuntil(b'"timestamp":41'), 10)


async def is_read(socket: RawSocket) -> None:
    """Wait until the server has read everything, which it shows by closing."""
    socket.send(frame(b"", opcode=8))
    if socket.writer.can_write_eof():
        socket.writer.write_eof()
    while await asyncio.wait_for(socket.reader.read(65_536), 15):
        pass


def test_garbage_on_a_socket_breaks_nothing(stage: Stage) -> None:
    slug = stage.new_article()
    headers = stage.headers("alice")

    @given(st.lists(GARBAGE, max_size=8))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def session(garbage: list[bytes]) -> None:
        async def play() -> None:
            async with open_socket(stage.url, slug, headers) as socket:
                try:
                    socket.send(b"".join(garbage))
                    await is_read(socket)
                except OSError:
                    pass  # the server had enough

        asyncio.run(play())

    session()
    asyncio.run(answers(stage, slug))


HANDSHAKES = {
    "a header that is too long": {"Cookie": "x" * 20_000},
    "too many headers": {f"X-{number}": "x" for number in range(300)},
    "a key that is none": {"Sec-WebSocket-Key": "short"},
    "a version that is none": {"Sec-WebSocket-Version": "12"},
    "Latin letters in a header": {"Authorization": "Token é", "Cookie": "é=é; sessionid=é"},
    "an extension that is none": {"Sec-WebSocket-Extensions": ";;;"},
    "a subprotocol that is none": {"Sec-WebSocket-Protocol": ",,\x01"},
}


@scene
async def test_strange_handshakes_break_nothing(stage: Stage) -> None:
    slug = stage.new_article()
    for headers in HANDSHAKES.values():
        async with raw_socket(stage.url) as socket:
            socket.send(handshake(stage.url, f"/ws/article/{slug}/", headers))
            head = await asyncio.wait_for(socket.reader.read(200), 15)
            assert head.startswith(b"HTTP/1.1 ") or head == b""
    for path in (
        f"/ws/article/{slug}/\xe9",
        "/ws/article/%ff%fe/",
        f"/ws/article/{slug}/?é",
        "/" + "a" * 9000,
    ):
        async with raw_socket(stage.url) as socket:
            socket.send(handshake(stage.url, path))
            await asyncio.wait_for(socket.reader.read(200), 15)

    await answers(stage, slug)
