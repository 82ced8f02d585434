"""A frame that was framed once for everybody is what RFC 6455 says, read by a library that is not ours."""

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from realtime.frames import Prepared, batched


def read(wire: bytes) -> list[Frame]:
    client = ClientProtocol(parse_uri("ws://127.0.0.1/"), state=State.OPEN, max_size=None)
    client.receive_data(wire)
    assert client.parser_exc is None
    return [event for event in client.events_received() if isinstance(event, Frame)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 300_000])
def test_a_frame_of_every_length_is_read_back(size: int) -> None:
    payload = b"x" * size

    assert read(Prepared(payload).wire) == [Frame(Opcode.TEXT, payload)]


def test_frames_in_a_row_stay_apart() -> None:
    first, second = Prepared("é".encode()), Prepared(b"2" * 126)

    assert [frame.data for frame in read(first.wire + second.wire)] == ["é".encode(), b"2" * 126]


def test_several_frames_become_one_array() -> None:
    assert batched([Prepared(b'{"a":1}'), Prepared(b'{"b":2}')]).text == '[{"a":1},{"b":2}]'


def test_one_frame_is_not_wrapped() -> None:
    assert batched([Prepared(b'{"a":1}')]).text == '{"a":1}'


def test_an_array_among_others_does_not_nest() -> None:
    first = batched([Prepared(b"1"), Prepared(b"2")])

    assert batched([first, Prepared(b"3"), batched([first, first])]).text == "[1,2,3,1,2,1,2]"
