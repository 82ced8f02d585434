"""What is wrong with frames decides the code that their socket is closed with.

What is wrong by RFC 6455 already is in tests/rfc6455.
"""

import asyncio
import contextlib
import json
from typing import Any

from websockets.exceptions import ConnectionClosed

from tests.realtime.raw import BINARY, frame, open_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage

FLOOD = 1000  # frames: 60 are taken at once and 20 each second, also by a server that stalls for some of them
BURST = 6  # comments; one more is taken every 2 s


@scene
async def test_a_binary_frame_closes_the_socket_with_words(stage: Stage) -> None:
    async with open_socket(stage.url, stage.new_article()) as socket:
        socket.send(frame(b"\x00\x01", opcode=BINARY))
        texts, code = await socket.texts_and_close()

    assert code in (1003, 1000)  # Daphne's library can't send the first; the frame before says it
    assert json.loads(texts[-1]) == {
        "type": "bye",
        "code": 1003,
        "reason": "text_only",
        "reconnect": False,
        "retry_after": None,
    }


def malformed(*more: Any) -> list[Any]:
    return ["no JSON", "[]", '{"type":"shout"}', '{"type":"message"}', *more]


@scene
async def test_the_fifth_malformed_frame_in_a_row_closes_the_socket(stage: Stage) -> None:
    async with stage.audience() as audience:
        reader = await audience.join()
        for text in malformed(""):
            await reader.send(text)

        assert await reader.closed() == 4506
        assert [frame["reason"] for frame in reader.of_type("error")] == [
            "bad_json",
            "bad_json",
            "bad_type",
            "bad_field",
            "bad_json",
        ]
        assert reader.frames[-1]["type"] == "bye"


@scene
async def test_four_malformed_frames_and_a_good_one_do_not(stage: Stage) -> None:
    async with stage.audience() as audience:
        reader = await audience.join()
        for _ in range(3):
            for text in malformed():
                await reader.send(text)
            await reader.ping()

        assert len(reader.of_type("error")) == 12


@scene
async def test_a_flood_of_frames_closes_the_socket(limited_stage: Stage) -> None:
    async with limited_stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        with contextlib.suppress(ConnectionClosed):
            for _ in range(FLOOD):
                await alice.send('{"type":"ping"}')

        assert await alice.closed() == 4005
        bye = alice.frames[-1]
        assert (bye["type"], bye["reconnect"]) == ("bye", True)
        assert bye["retry_after"] > 0
        await bob.ping()


@scene
async def test_a_flood_of_comments_is_slowed_down(limited_stage: Stage) -> None:
    async with limited_stage.audience() as audience:
        carol = await audience.join("carol")
        acks = [await carol.post(f"{number}") for number in range(BURST)]
        assert [ack["type"] for ack in acks] == ["ack"] * BURST

        posting = [asyncio.create_task(carol.post("And another.")) for _ in range(2 * BURST)]
        refused = [answer for answer in await asyncio.gather(*posting) if answer["type"] == "error"]
        assert {(answer["code"], answer["reason"]) for answer in refused} == {(429, "rate_limited")}
        assert all(answer["retry_after"] > 0 for answer in refused)
