"""Frames leave in order or not at all, and a peer that does not read holds up nobody."""

import asyncio
from collections.abc import Sequence

from realtime.frames import Prepared, batched, batches
from realtime.readers.send_queue import LARGEST_BATCH, LIMIT, SendQueue
from tests.realtime.scene import scene

PATIENCE = 30.0  # s that a close may take
LITTLE = 0.01


class Peer:
    """Somebody who reads what is sent. Closed gates make the sender wait, as a full transport does."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.gates = asyncio.Event()
        self.gates.set()
        self.broken = False

    async def send(self, frames: Sequence[Prepared]) -> None:
        await self.gates.wait()
        if self.broken:
            raise OSError("gone")
        self.texts.append(batched(list(frames)).text)

    async def say_bye(self) -> None:
        await self.send([frame("bye")])


class Server:
    """A server that takes whole frames while it is writable."""

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


def queue_to(
    peer: Peer, server: Server | None = None, *, overflow: Overflow | None = None, **options: bool
) -> SendQueue:
    return SendQueue(
        peer.send,
        on_overflow=overflow or Overflow(),
        write_now=server.write if server else None,
        abort=server.abort if server else None,
        **options,
    )


def frame(text: str, *, fleeting: bool = False) -> Prepared:
    return Prepared(text.encode(), fleeting=fleeting)


def frame_of(size: int, *, fleeting: bool = False) -> Prepared:
    return frame("x" * size, fleeting=fleeting)


async def all_sent(queue: SendQueue) -> None:
    """Let the tasks of the queue run until none has anything to do."""
    for _ in range(20):
        await asyncio.sleep(0)


@scene
async def test_frames_arrive_in_order() -> None:
    peer = Peer()
    queue = queue_to(peer)
    for text in "abc":
        queue.write(frame(text))
    await all_sent(queue)
    queue.write(frame("d"))
    await all_sent(queue)

    assert peer.texts == ["a", "b", "c", "d"]


@scene
async def test_a_server_that_takes_prepared_frames_gets_them_at_once() -> None:
    peer, server = Peer(), Server()
    queue_to(peer, server).write(frame("a"))

    assert server.wires == [b"\x81\x01a"]


@scene
async def test_order_is_kept_when_the_peer_blocks_and_takes_frames_again() -> None:
    peer, server = Peer(), Server()
    queue = queue_to(peer, server)
    queue.write(frame("a"))
    server.writable = False
    peer.gates.clear()
    queue.write(frame("b"))
    await all_sent(queue)
    server.writable = True  # the transport has room again, but "b" is still on its way
    queue.write(frame("c"))
    assert server.wires == [b"\x81\x01a"]

    peer.gates.set()
    await all_sent(queue)
    queue.write(frame("d"))

    assert peer.texts == ["b", "c"]
    assert server.wires[1:] == [b"\x81\x01d"]


@scene
async def test_what_queued_up_goes_out_as_one_array_to_those_who_take_arrays() -> None:
    peer = Peer()
    queue = queue_to(peer, batches=True)
    for text in '"a"', '"b"', '"c"':
        queue.write(frame(text))
    await all_sent(queue)

    assert peer.texts == ['["a","b","c"]']


@scene
async def test_what_queued_up_may_go_out_together_without_being_one_array() -> None:
    peer = Peer()
    queue = queue_to(peer, gathers=True)
    for text in '"a"', '"b"':
        queue.write(frame(text))
    await all_sent(queue)

    assert (peer.texts, queue.batches) == (['["a","b"]'], False)


@scene
async def test_an_array_grows_only_so_large() -> None:
    peer = Peer()
    queue = queue_to(peer, batches=True)
    for _ in range(5):
        queue.write(frame_of(LARGEST_BATCH // 2 - 10))
    await all_sent(queue)

    assert [len(text) <= LARGEST_BATCH for text in peer.texts] == [True] * 3


@scene
async def test_what_an_array_puts_around_its_frames_counts() -> None:
    peer = Peer()
    queue = queue_to(peer, batches=True)
    for _ in range(32):
        queue.write(frame_of(LARGEST_BATCH // 32))
    await all_sent(queue)

    assert [len(text) <= LARGEST_BATCH for text in peer.texts] == [True] * 2


def test_frames_of_the_moment_come_in_arrays_of_that_size_too() -> None:
    frames = [frame_of(150) for _ in range(500)]  # as many reactions as a look at the database finds

    arrays = [batch.text for batch in batches(frames, LARGEST_BATCH)]

    assert [len(text) <= LARGEST_BATCH for text in arrays] == [True] * 2
    assert [each for text in arrays for each in text[1:-1].split(",")] == [frame.text for frame in frames]


@scene
async def test_fleeting_frames_are_shed_first() -> None:
    peer, overflow = Peer(), Overflow()
    peer.gates.clear()
    queue = queue_to(peer, overflow=overflow)
    queue.write(frame("first"))
    await all_sent(queue)  # on its way, and stuck
    queue.write(frame_of(LIMIT // 2, fleeting=True))
    queue.write(frame("second"))
    queue.write(frame_of(LIMIT // 2))
    queue.write(frame_of(LIMIT // 2 - 100))
    peer.gates.set()
    await all_sent(queue)

    assert overflow.times == 0
    assert [len(text) for text in peer.texts] == [5, 6, LIMIT // 2, LIMIT // 2 - 100]


@scene
async def test_a_fleeting_frame_that_has_no_room_is_dropped_and_nothing_else() -> None:
    peer, overflow = Peer(), Overflow()
    peer.gates.clear()
    queue = queue_to(peer, overflow=overflow)
    queue.write(frame("first"))
    await all_sent(queue)
    queue.write(frame_of(LIMIT - 100))
    queue.write(frame_of(200, fleeting=True))
    peer.gates.set()
    await all_sent(queue)

    assert overflow.times == 0
    assert [len(text) for text in peer.texts] == [5, LIMIT - 100]


@scene
async def test_a_peer_that_never_reads_overflows_once_and_costs_no_more_memory() -> None:
    peer, overflow = Peer(), Overflow()
    peer.gates.clear()
    queue = queue_to(peer, overflow=overflow)
    for _ in range(100):
        queue.write(frame_of(10_000))
    await all_sent(queue)

    assert overflow.times == 1
    peer.gates.set()
    await all_sent(queue)
    assert len(peer.texts) <= 1  # only what was on its way


@scene
async def test_a_close_sends_what_waits_and_then_the_last_words() -> None:
    peer = Peer()
    queue = queue_to(peer)
    queue.write(frame("a"))
    queue.write(frame("b"))
    await queue.close(peer.say_bye, PATIENCE)

    assert peer.texts == ["a", "b", "bye"]


@scene
async def test_nothing_is_sent_after_a_close() -> None:
    peer = Peer()
    queue = queue_to(peer)
    await queue.close(peer.say_bye, PATIENCE)
    queue.write(frame("late"))
    await all_sent(queue)

    assert peer.texts == ["bye"]


@scene
async def test_a_peer_that_does_not_take_its_last_frames_in_time_is_dropped() -> None:
    peer, server = Peer(), Server()
    server.writable = False
    peer.gates.clear()
    queue = queue_to(peer, server)
    queue.write(frame("a"))
    await queue.close(peer.say_bye, LITTLE)

    assert server.aborted
    assert peer.texts == []


@scene
async def test_a_peer_that_has_gone_is_no_error() -> None:
    peer = Peer()
    peer.broken = True
    queue = queue_to(peer)
    queue.write(frame("a"))
    await all_sent(queue)
    queue.write(frame("b"))
    await queue.close(peer.say_bye, PATIENCE)

    assert peer.texts == []
