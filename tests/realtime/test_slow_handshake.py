"""Nobody holds a connection by asking for a socket letter by letter."""

import asyncio
import contextlib

from tests.realtime.raw import handshake, raw_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage

PATIENCE = 10.0  # s that the server has for a request
A_LITTLE = 0.25  # s between letters: all of them would take 40 s and more


@scene
async def test_a_request_that_drips_in_is_cut_off(uvicorn_stage: Stage) -> None:
    clock = asyncio.get_running_loop().time
    begun = clock()
    async with raw_socket(uvicorn_stage.url) as socket:
        closed = asyncio.create_task(socket.reader.read())
        for letter in handshake(uvicorn_stage.url, f"/ws/article/{uvicorn_stage.new_article()}/"):
            with contextlib.suppress(ConnectionError):
                socket.send(bytes((letter,)))
            done, _ = await asyncio.wait({closed}, timeout=A_LITTLE)
            if done:
                break

        assert closed.done()
        assert PATIENCE - 1 < clock() - begun < 2 * PATIENCE
