"""Frames leave in order or not at all, and a peer that does not read holds up nobody."""

import asyncio
from collections.abc import Mapping
from typing import Any

from realtime.readers.send_queue import LARGEST_BATCH, LIMIT, Outbox, Prepared
from realtime.readers.window import Window
from tests.realtime.scene import scene

PATIENCE = 30.0  # s that a close may take
LITTLE = 0.01


class Peer:
    """An ASGI send, and what arrived through it. Closed gates make it wait, as a full transport does."""

    def __init__(self) -> None:
        self.messages: list[Mapping[str, Any]] = []
        self.gates = asyncio.Event()
        self.gates.set()
        self.broken = False

    async def send(self, message: Mapping[str, Any]) -> None:
        await self.gates.wait()
        if self.broken:
            raise OSError("gone")
        self.messages.append(message)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages if message["type"] == "websocket.send"]


class Extension:
    """A server's extension for prepared frames: takes them while it is writable."""

    def __init__(self) -> None:
        self.writable = True
        self.aborted = False
        self.wires: list[bytes] = []

    def write(self, wire: bytes) -> bool:
        if self.writable:
            self.wires.append(wire)
        return self.writable

    def abort(self) -> None:
        self.aborted = True


class Overflow:
    times = 0

    def __call__(self) -> None:
        self.times += 1


def outbox_to(
    peer: Peer,
    extension: Extension | None = None,
    *,
    batches: bool = False,
    overflow: Overflow | None = None,
    window: Window | None = None,
) -> Outbox:
    given = None if extension is None else {"write": extension.write, "abort": extension.abort}
    return Outbox(peer.send, given, batches=batches, on_overflow=overflow or Overflow(), window=window)


def frame(text: str, *, fleeting: bool = False) -> Prepared:
    return Prepared(text.encode(), fleeting=fleeting)


def frame_of(size: int, *, fleeting: bool = False) -> Prepared:
    return frame("x" * size, fleeting=fleeting)


async def all_sent(outbox: Outbox) -> None:
    """Let the tasks of the outbox run until none has anything to do."""
    for _ in range(20):
        await asyncio.sleep(0)


@scene
async def test_frames_arrive_in_order() -> None:
    peer = Peer()
    outbox = outbox_to(peer)
    for text in "abc":
        outbox.write(frame(text))
    await all_sent(outbox)
    outbox.write(frame("d"))
    await all_sent(outbox)

    assert peer.texts == ["a", "b", "c", "d"]


@scene
async def test_a_server_that_takes_prepared_frames_gets_them_at_once() -> None:
    peer, extension = Peer(), Extension()
    outbox_to(peer, extension).write(frame("a"))

    assert extension.wires == [b"\x81\x01a"]


@scene
async def test_order_is_kept_when_the_peer_blocks_and_takes_frames_again() -> None:
    peer, extension = Peer(), Extension()
    outbox = outbox_to(peer, extension)
    outbox.write(frame("a"))
    extension.writable = False
    peer.gates.clear()
    outbox.write(frame("b"))
    await all_sent(outbox)
    extension.writable = True  # the transport has room again, but "b" is still on its way
    outbox.write(frame("c"))
    assert extension.wires == [b"\x81\x01a"]

    peer.gates.set()
    await all_sent(outbox)
    outbox.write(frame("d"))

    assert peer.texts == ["b", "c"]
    assert extension.wires[1:] == [b"\x81\x01d"]


@scene
async def test_what_queued_up_goes_out_as_one_array_to_those_who_take_arrays() -> None:
    peer = Peer()
    outbox = outbox_to(peer, batches=True)
    for text in '"a"', '"b"', '"c"':
        outbox.write(frame(text))
    await all_sent(outbox)

    assert peer.texts == ['["a","b","c"]']


@scene
async def test_an_array_grows_only_so_large() -> None:
    peer = Peer()
    outbox = outbox_to(peer, batches=True)
    for _ in range(5):
        outbox.write(frame_of(LARGEST_BATCH // 2 - 10))
    await all_sent(outbox)

    assert [len(text) <= LARGEST_BATCH for text in peer.texts] == [True] * 3


@scene
async def test_fleeting_frames_are_shed_first() -> None:
    peer, overflow = Peer(), Overflow()
    peer.gates.clear()
    outbox = outbox_to(peer, overflow=overflow)
    outbox.write(frame("first"))
    await all_sent(outbox)  # on its way, and stuck
    outbox.write(frame_of(LIMIT // 2, fleeting=True))
    outbox.write(frame("second"))
    outbox.write(frame_of(LIMIT // 2))
    outbox.write(frame_of(LIMIT // 2 - 100))
    peer.gates.set()
    await all_sent(outbox)

    assert overflow.times == 0
    assert [len(text) for text in peer.texts] == [5, 6, LIMIT // 2, LIMIT // 2 - 100]


@scene
async def test_a_fleeting_frame_that_has_no_room_is_dropped_and_nothing_else() -> None:
    peer, overflow = Peer(), Overflow()
    peer.gates.clear()
    outbox = outbox_to(peer, overflow=overflow)
    outbox.write(frame("first"))
    await all_sent(outbox)
    outbox.write(frame_of(LIMIT - 100))
    outbox.write(frame_of(200, fleeting=True))
    peer.gates.set()
    await all_sent(outbox)

    assert overflow.times == 0
    assert [len(text) for text in peer.texts] == [5, LIMIT - 100]


@scene
async def test_a_peer_that_never_reads_overflows_once_and_costs_no_more_memory() -> None:
    peer, overflow = Peer(), Overflow()
    peer.gates.clear()
    outbox = outbox_to(peer, overflow=overflow)
    for _ in range(100):
        outbox.write(frame_of(10_000))
    await all_sent(outbox)

    assert overflow.times == 1
    peer.gates.set()
    await all_sent(outbox)
    assert len(peer.texts) <= 1  # only what was on its way


@scene
async def test_a_close_sends_what_waits_then_the_last_frame_then_closes() -> None:
    peer = Peer()
    outbox = outbox_to(peer)
    outbox.write(frame("a"))
    outbox.write(frame("b"))
    await outbox.close(frame("bye"), 4001, "too_slow", PATIENCE)

    assert peer.texts == ["a", "b", "bye"]
    assert peer.messages[-1] == {"type": "websocket.close", "code": 4001, "reason": "too_slow"}


@scene
async def test_nothing_is_sent_after_a_close() -> None:
    peer = Peer()
    outbox = outbox_to(peer)
    await outbox.close(frame("bye"), 4001, "too_slow", PATIENCE)
    outbox.write(frame("late"))
    await outbox.close(frame("bye"), 4003, "again", PATIENCE)
    await all_sent(outbox)

    assert peer.texts == ["bye"]
    assert peer.messages[-1]["code"] == 4001


@scene
async def test_a_peer_that_does_not_take_its_last_frames_in_time_is_dropped() -> None:
    peer, extension = Peer(), Extension()
    extension.writable = False
    peer.gates.clear()
    outbox = outbox_to(peer, extension)
    outbox.write(frame("a"))
    await outbox.close(frame("bye"), 4001, "too_slow", LITTLE)

    assert extension.aborted
    assert peer.messages == []


@scene
async def test_a_peer_that_has_gone_is_no_error() -> None:
    peer = Peer()
    peer.broken = True
    outbox = outbox_to(peer)
    outbox.write(frame("a"))
    await all_sent(outbox)
    outbox.write(frame("b"))
    await outbox.close(frame("bye"), 4001, "too_slow", PATIENCE)

    assert peer.messages == []


@scene
async def test_a_server_that_takes_anything_is_given_no_more_than_the_peer_confirms() -> None:
    peer, window = Peer(), Window(size=10)
    outbox = outbox_to(peer, window=window)
    for text in ("12345", "67890", "a", "b"):
        outbox.write(frame(text))
    await all_sent(outbox)
    assert peer.texts == ["12345", "67890"]

    window.pinged(1)
    await all_sent(outbox)
    assert peer.texts == ["12345", "67890", "a", "b"]


@scene
async def test_a_peer_that_confirms_nothing_overflows_and_hears_why() -> None:
    peer, overflow, window = Peer(), Overflow(), Window(size=1000)
    outbox = outbox_to(peer, overflow=overflow, window=window)
    for _ in range(LIMIT // 1000 + 10):
        outbox.write(frame_of(1000))
        await all_sent(outbox)
    await outbox.close(frame("bye"), 4001, "too_slow", PATIENCE)

    assert overflow.times == 1
    assert [len(text) for text in peer.texts] == [1000, len("bye")]
    assert peer.messages[-1]["code"] == 4001


@scene
async def test_a_peer_that_confirms_nothing_is_closed_in_time_for_any_other_reason() -> None:
    peer = Peer()
    outbox = outbox_to(peer, window=Window(size=1))
    outbox.write(frame("a"))
    outbox.write(frame("b"))
    await all_sent(outbox)
    await outbox.close(frame("bye"), 4505, "banned", LITTLE)

    assert peer.texts == ["a"]
    assert peer.messages[-1]["type"] == "websocket.close"
