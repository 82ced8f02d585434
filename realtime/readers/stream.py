"""Streams: the frames of a socket as server-sent events, for a reader who can't have a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from comments import queries, wire
from comments.addresses import address_of
from comments.errors import CommentError
from realtime import protocol
from realtime.frames import Prepared
from realtime.origin import request_of
from realtime.protocol import Bye, Close
from realtime.readers.extensions import CONNECTION, extension_of
from realtime.readers.limits import check_handshake
from realtime.readers.places import Way
from realtime.readers.reader import About, Reader
from realtime.readers.refusals import Refusal
from realtime.readers.replies import PLAIN_HEADERS, refuse, until_gone
from realtime.readers.send_queue import SendQueue
from realtime.readers.turns import run_command_of
from realtime.rooms.repair import changes_of
from realtime.rooms.room import Room

SIGN_OF_LIFE = 15.0  # s between two comments in a stream that has nothing to say
NOTICED_WITHIN = 1.0  # s for the server to notice that a connection was dropped, or its answer complete
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events until it has a page full
    *PLAIN_HEADERS,
]


class Stream:
    """An answer without an end, around a Reader: what they missed, then what comes."""

    def __init__(self, scope: Mapping[str, Any], about: About, send: Any) -> None:
        self._send = send
        self._server = extension_of(scope, CONNECTION)
        self._last_event_id = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1")
        queue = SendQueue(
            self._send_frames,
            on_overflow=lambda: self.reader.close_soon(Close.TOO_SLOW, "too_slow"),
            gathers=True,
            abort=self._server.get("abort"),
        )
        self.reader = Reader(scope, about, queue, self._say_bye, Way.STREAM)
        self._caught_up = asyncio.Event()
        self._begins_after = 0  # the number of the last change that the client had already
        self._said_at = 0.0  # when something was sent last, by the loop's clock

    async def run(self, receive: Any) -> None:
        """Serve until the client goes away, or is sent away; it resumes by itself."""
        try:
            room = await self.reader.enter()
            await self._stay(room, receive)
        except Refusal as refusal:
            await refuse(self._send, refusal.error)
        finally:
            self.reader.depart()

    async def _stay(self, room: Room, receive: Any) -> None:
        position = room.position
        self.reader.join()
        if self._server:
            self._server["on_shutdown"](self.reader.go_away)
        gone = asyncio.create_task(until_gone(receive))
        over = asyncio.create_task(self.reader.closed.wait())
        flow = asyncio.create_task(self._flow(room, position))
        try:
            await asyncio.wait([gone, over], return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait([gone], timeout=NOTICED_WITHIN)
        finally:
            for task in (gone, over, flow):
                task.cancel()

    async def _flow(self, room: Room, position: int) -> None:
        """Say what was missed, let the queue go on from there, and give signs of life."""
        try:
            await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._catch_up(room, position)
            self._caught_up.set()
            while True:
                await asyncio.sleep(self._said_at + SIGN_OF_LIFE - asyncio.get_running_loop().time())
                await self._give_sign()
        except OSError:
            pass  # the client has gone already: what ASGI has a server raise then
        except Exception as error:  # whatever it is, the reader is told, and a bug is in the log
            self.reader.send_away(error)
        finally:
            self._caught_up.set()

    async def _catch_up(self, room: Room, position: int) -> None:
        """Welcome, then the changes after the last one that the client had, up to where the live ones begin.

        The welcome's `seq` is where the stream goes on. For a client that had nothing, or junk, or too little
        that is where things stand, and it sees that it has to start with a snapshot.
        """
        after = seq_of(self._last_event_id, room.epoch)
        page = None if after is None else await self._read(room, after)
        if page is not None and page.reset:
            page = None
        self._begins_after = position if page is None else page.from_seq
        await self._write_events(self.reader.greeting(room, self._begins_after))
        while page is not None:
            await self._write_events(
                [room.prepare(change) for change in changes_of(page) if change.seq <= position]
            )
            page = await self._read(room, page.seq) if page.has_more and page.seq < position else None

    async def _read(self, room: Room, after: int) -> wire.History:
        address = self.reader.address
        return await run_command_of(address, queries.history, room.thread_id, after, epoch=room.epoch)

    async def _send_frames(self, frames: Sequence[Prepared]) -> None:
        """Send what the client lacks: this process may be behind the one that it was with before."""
        await self._caught_up.wait()
        await self._write_events([frame for frame in frames if self._is_news(frame)])

    def _is_news(self, frame: Prepared) -> bool:
        return frame.event_id is None or int(frame.event_id.rpartition(":")[2]) > self._begins_after

    async def _give_sign(self) -> None:
        if asyncio.get_running_loop().time() >= self._said_at + SIGN_OF_LIFE:
            await self._write(b":\n\n")

    async def _say_bye(self, bye: Bye) -> None:
        await self._caught_up.wait()
        # The field `retry` tells a browser when to come back; it knows nothing of our byes.
        retry = b"" if bye.retry_after is None else f"retry: {bye.retry_after * 1000:.0f}\n".encode()
        await self._write(retry + Prepared(protocol.encode(bye)).event)
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write_events(self, frames: Sequence[Prepared]) -> None:
        if frames:
            await self._write(b"".join(frame.event for frame in frames))

    async def _write(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": True})
        self._said_at = asyncio.get_running_loop().time()


def seq_of(event_id: str, epoch: str) -> int | None:
    """The number in the id of an event of this epoch; None for any other text."""
    of_epoch, _, seq = event_id.rpartition(":")
    known = of_epoch == epoch and seq.isascii() and seq.isdecimal() and len(seq) <= 18
    return int(seq) if known else None


async def serve_stream(scope: Mapping[str, Any], about: About, receive: Any, send: Any) -> None:
    """Answer a request for `events/`."""
    try:
        check_handshake(address_of(request_of(scope)))
    except CommentError as error:
        await refuse(send, error)
        return
    await Stream(scope, about, send).run(receive)
