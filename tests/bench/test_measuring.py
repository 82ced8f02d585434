"""The load client counts what arrives: each comment once on each socket, whole, torn, batched or twice."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import pytest
from websockets.sync.server import Server, ServerConnection, serve

from bench.figures import Spread, percentile
from bench.marks import find_marks, make_mark
from bench.plot import draw
from bench.swarm import Connection, Swarm
from bench.websocket import CLOSE, PING, TEXT, FrameReader, client_frame

READERS = 5
PATIENCE = 30.0  # s


def server_frame(payload: bytes, first: int = 0x80 | TEXT) -> bytes:
    size = len(payload)
    return bytes((first, size) if size < 126 else (first, 126, *size.to_bytes(2, "big"))) + payload


def comment(mark: str) -> str:
    """A frame as the site sends it: the text as typed, and as rendered."""
    return json.dumps({"type": "message", "content": f"Hello {mark}", "html": f"<p>Hello {mark}</p>"})


class Echo:
    """A server that greets, and sends each text to all readers: reader 1 misses it, reader 2 gets it twice,
    reader 3 in a batch, reader 4 in two fragments."""

    def __init__(self) -> None:
        self._sockets: dict[int, ServerConnection] = {}
        self._server: Server = serve(self._handle, "127.0.0.1", 0, compression=None)
        self.port: int = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def _handle(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self._sockets[int(socket.request.headers["X-Number"])] = socket
        socket.send('{"type":"welcome"}')
        for text in socket:
            assert isinstance(text, str)
            self._give_to_all(text)

    def _give_to_all(self, text: str) -> None:
        for number, socket in self._sockets.items():
            if number == 2:
                socket.send(text)
            if number == 3:
                socket.send(f"[{text},{comment(make_mark())}]")
            elif number == 4:
                socket.send([text[:30], text[30:]])
            elif number != 1:
                socket.send(text)


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


def test_deliveries_are_counted_once_for_each_socket(echo: Echo) -> None:
    others: list[bytes] = []

    def on_frame(_: Connection, payload: bytes) -> None:
        others.append(payload)

    headers = [{"X-Number": str(number)} for number in range(READERS)]
    with Swarm(echo.port, "/", headers, greeting=b"welcome", on_frame=on_frame) as swarm:
        swarm.open(within=PATIENCE)
        swarm.count_from_now()
        began = time.monotonic_ns()
        swarm.send(0, comment(make_mark()).encode())
        # Readers 0, 2 and 4 get one comment, reader 3 two, reader 1 none.
        swarm.run(PATIENCE, until=lambda: len(swarm.latencies) == 5 and swarm.doubled == 1)
        took = time.monotonic_ns() - began
    assert [len(connection.seen) for connection in swarm.connections] == [1, 0, 1, 2, 1]
    assert swarm.doubled == 1
    assert all(0 < latency <= took for latency in swarm.latencies)
    assert not others


def test_what_was_sent_before_counting_began_does_not_count(echo: Echo) -> None:
    with Swarm(echo.port, "/", [{"X-Number": "0"}], greeting=b"welcome") as swarm:
        swarm.open(within=PATIENCE)
        early = comment(make_mark()).encode()
        swarm.count_from_now()
        swarm.send(0, early)
        swarm.send(0, comment(make_mark()).encode())
        swarm.run(PATIENCE, until=lambda: bool(swarm.latencies))
        assert len(swarm.latencies) == 1


@pytest.mark.parametrize("size", [1, 125, 126, 65_535, 65_536])
def test_a_client_frame_is_masked_and_has_its_length(size: int) -> None:
    payload = bytes(range(256)) * (size // 256 + 1)
    frame = client_frame(payload[:size])
    extended = 0 if size < 126 else 2 if size < 65_536 else 8
    key, masked = frame[2 + extended : 6 + extended], frame[6 + extended :]
    assert frame[0] == 0x81
    assert frame[1] & 0x80
    assert int.from_bytes(frame[2 : 2 + extended], "big") == (size if extended else 0)
    assert bytes(byte ^ key[place % 4] for place, byte in enumerate(masked)) == payload[:size]


def test_frames_are_read_however_they_are_torn() -> None:
    stream = server_frame(b"one") + server_frame(b"", 0x80 | PING) + server_frame(b"x" * 200)
    stream += server_frame(b"tw", TEXT) + server_frame(b"!", 0x80 | PING) + server_frame(b"o", 0x80)
    stream += server_frame(b"\x0f\xa0", 0x80 | CLOSE)
    expected = [
        (TEXT, b"one"),
        (PING, b""),
        (TEXT, b"x" * 200),
        (PING, b"!"),
        (TEXT, b"two"),
        (CLOSE, b"\x0f\xa0"),
    ]
    for step in (1, 3, 7, len(stream)):
        reader = FrameReader()
        chunks = [stream[start : start + step] for start in range(0, len(stream), step)]
        assert [message for chunk in chunks for message in reader.read(chunk)] == expected
        assert reader.rest == b""


def test_a_comment_has_one_mark_and_a_batch_all_of_its_comments() -> None:
    first, second = "@1234567890@", "@1234567891@"
    assert find_marks(comment(first).encode()) == (1234567890,)
    assert find_marks(f"[{comment(first)},{comment(second)}]".encode()) == (1234567890, 1234567891)
    assert find_marks(b'{"type":"ack","id":"12345678"}') == ()


def test_percentiles_are_values_that_were_measured() -> None:
    values = list(range(1, 101))
    assert [percentile(values, share) for share in (0.5, 0.99, 1.0)] == [50, 99, 100]
    assert percentile([7], 0.5) == 7
    assert Spread.of([3_000_000, 1_000_000, 2_000_000]).p50 == 2


def test_a_plot_without_figures_is_still_a_picture() -> None:
    assert draw([]).startswith("<svg")
