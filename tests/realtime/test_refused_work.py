"""What is refused counts on a socket: who goes on is closed, and in the end does not come in any more."""

import json
import uuid
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from realtime.readers.limits import FRAMES, HANDSHAKES, REFUSAL
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.strangers import come

REFUSED: dict[str, dict[str, Any]] = {
    "blank": {"type": "message", "content": " \n"},
    "too long": {"type": "message", "content": "x" * 20_000},
    "no such frame": {"type": "mesage"},
    "a wrong token": {"type": "auth", "token": "0" * 40},
    "not theirs": {"type": "edit", "id": "1", "content": "x", "version": 1},
}


async def bye_of(socket: ClientConnection) -> dict[str, Any]:
    frames: list[dict[str, Any]] = []
    with pytest.raises(ConnectionClosed):
        while True:
            frames.append(json.loads(await socket.recv()))
    return frames[-1]


@scene
async def test_refused_frames_close_a_socket_long_before_good_ones_do(limited_stage: Stage) -> None:
    async with come(limited_stage, "127.0.0.66") as socket:
        kinds = [kind for name, kind in REFUSED.items() if name != "no such frame"] * 5
        kinds[2:2] = [REFUSED["no such frame"]]
        assert FRAMES.capacity / (1 + REFUSAL) < len(kinds) < FRAMES.capacity / 2
        for fields in kinds:
            await socket.send(json.dumps({"ref": str(uuid.uuid4()), **fields}))
        bye = await bye_of(socket)

    assert (bye["code"], bye["reason"], bye["reconnect"]) == (4005, "too_many_frames", True)


@scene
async def test_an_address_whose_handshakes_are_refused_is_kept_out_and_no_other_is(
    limited_stage: Stage,
) -> None:
    wrong = {"Authorization": f"Token {'0' * 40}"}
    refused = None
    for _ in range(int(HANDSHAKES.capacity)):
        try:
            async with come(limited_stage, "127.0.0.67", headers=wrong):
                pass
        except InvalidStatus as error:
            refused = error.response
            break

    assert refused is not None
    if limited_stage.server.redis:  # uvicorn can say why
        assert (refused.status_code, json.loads(refused.body)["reason"]) == (429, "rate_limited")
        assert int(refused.headers["Retry-After"]) > 0
    else:
        assert refused.status_code == 403
    async with come(limited_stage, "127.0.0.68") as socket:
        assert json.loads(await socket.recv())["type"] == "welcome"
