"""What is wrong with a frame decides the code that its socket is closed with."""

import json
from typing import Any

import pytest

from tests.realtime.raw import BINARY, CONTINUED, frame, open_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage

LARGEST = 65_536  # bytes
PING = b'{"type":"ping","timestamp":1}'


async def is_closed_with(code: int, stage: Stage, *frames: bytes) -> bool:
    async with open_socket(stage.url, stage.new_article()) as socket:
        socket.send(b"".join(frames))
        _, sent = await socket.texts_and_close()
        # Daphne's library drops the connection of whom it refuses, without a close frame.
        return sent == code or (sent is None and stage.server.redis is None)


@scene
async def test_the_largest_message_is_read(stage: Stage) -> None:
    async with stage.audience() as audience:
        reader = await audience.join()
        text = json.dumps({"type": "ping", "timestamp": 1, "x": ""})
        await reader.send(text.replace('""', json.dumps("x" * (LARGEST - len(text)))))

        await reader.next("pong", timestamp=1)


@scene
async def test_a_larger_frame_closes_the_socket(stage: Stage) -> None:
    assert await is_closed_with(1009, stage, frame(b"x" * (LARGEST + 1)))


@scene
async def test_a_message_that_is_larger_in_pieces_closes_the_socket(stage: Stage) -> None:
    pieces = [frame(b"x" * 30_000, fin=False), *[frame(b"x" * 30_000, opcode=CONTINUED, fin=False)] * 2]

    assert await is_closed_with(1009, stage, *pieces)


@scene
async def test_a_message_larger_in_bytes_than_in_letters_closes_the_socket(stage: Stage) -> None:
    assert await is_closed_with(1009, stage, frame("€".encode() * 30_000))


@scene
async def test_a_message_in_pieces_is_read(stage: Stage) -> None:
    async with open_socket(stage.url, stage.new_article()) as socket:
        socket.send(frame(PING[:5], fin=False) + frame(PING[5:], opcode=CONTINUED))
        await socket.reader.readuntil(b'"type":"pong"')


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


@scene
async def test_text_that_is_not_utf_8_closes_the_socket(stage: Stage) -> None:
    assert await is_closed_with(1007, stage, frame(b"\xff\xfe"))


@scene
async def test_text_that_is_not_utf_8_over_two_frames_closes_the_socket(stage: Stage) -> None:
    assert await is_closed_with(1007, stage, frame(b"\xc3", fin=False), frame(b"(", opcode=CONTINUED))


BROKEN = {
    "a reserved bit": frame(PING, rsv=4),
    "another reserved bit": frame(PING, rsv=1),
    "an opcode that means nothing": frame(PING, opcode=3),
    "a control opcode that means nothing": frame(b"", opcode=11),
    "a continuation of nothing": frame(PING, opcode=CONTINUED),
    "a new message within one in pieces": frame(b"{", fin=False) + frame(PING),
    "a ping in pieces": frame(b"", opcode=9, fin=False),
    "a ping that is too long": frame(b"x" * 126, opcode=9),
    "a frame without a mask": b"\x81\x02{}",
    "a close code that means nothing": frame(b"\x00\x01", opcode=8),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
@scene
async def test_what_is_no_frame_of_the_protocol_closes_the_socket(stage: Stage, data: bytes) -> None:
    assert await is_closed_with(1002, stage, data)


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
