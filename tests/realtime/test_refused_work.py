"""What is refused counts on a socket: who goes on is closed, and in the end does not come in any more."""

import json
import uuid
from contextlib import suppress
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from realtime.readers.limits import FRAMES, HANDSHAKES, REFUSAL
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.strangers import come

# Refused in the event loop: what takes a thread comes back too slowly on a machine that does much else.
BLANK, NO_SUCH_FRAME = {"type": "message", "content": " \n"}, {"type": "mesage"}
SENT = 45  # fewer than a socket may send of good ones


async def bye_of(socket: ClientConnection) -> dict[str, Any]:
    frames: list[dict[str, Any]] = []
    with pytest.raises(ConnectionClosed):
        while True:
            frames.append(json.loads(await socket.recv()))
    return frames[-1]


@scene
async def test_refused_frames_close_a_socket_long_before_good_ones_do(limited_stage: Stage) -> None:
    async with come(limited_stage, "127.0.0.66") as socket:
        assert SENT < FRAMES.capacity < SENT * (1 + REFUSAL) / 2
        kinds = [BLANK, NO_SUCH_FRAME, *[BLANK] * (SENT - 2)]
        with suppress(ConnectionClosed):
            for fields in kinds:
                await socket.send(json.dumps({"ref": str(uuid.uuid4()), **fields}))
        bye = await bye_of(socket)

    assert (bye["code"], bye["reason"], bye["reconnect"]) == (4005, "too_many_frames", True)


@scene
async def test_an_address_whose_handshakes_are_refused_is_kept_out_and_no_other_is(
    limited_stage: Stage,
) -> None:
    wrong = {"Authorization": f"Token {'0' * 40}"}
    refused, before = None, len(limited_stage.server.log())
    for _ in range(int(HANDSHAKES.capacity)):
        try:
            async with come(limited_stage, "127.0.0.67", headers=wrong):
                pass
        except InvalidStatus as error:
            refused = error.response
            break

    assert refused is not None
    assert refused.status_code == 403
    assert "ERROR" not in limited_stage.server.log()[before:]
    async with come(limited_stage, "127.0.0.68") as socket:
        assert json.loads(await socket.recv())["type"] == "welcome"
