"""What is wrong with frames decides the code that their socket is closed with.

What is wrong by RFC 6455 already is in tests/rfc6455.
"""

import json
from typing import Any

from tests.realtime.raw import BINARY, frame, open_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage


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
        for _ in range(100):
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
        answers = [await carol.post(f"{number}") for number in range(8)]

        assert [answer["type"] for answer in answers[:6]] == ["ack"] * 6
        assert (answers[-1]["code"], answers[-1]["reason"]) == (429, "rate_limited")
        assert answers[-1]["retry_after"] > 0
