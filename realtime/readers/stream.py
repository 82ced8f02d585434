"""Server-sent events: the frames of a socket for a client that can't have one, over plain HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import msgspec

from comments import queries, wire
from comments.authors import Author
from comments.errors import BUSY, CommentError
from realtime import drain, protocol
from realtime.database import run_command
from realtime.frames import Prepared
from realtime.origin import header
from realtime.protocol import Close
from realtime.readers.identity import Credentials
from realtime.readers.limits import socket_count
from realtime.readers.parked import Buffer
from realtime.readers.polling import TOO_MANY
from realtime.readers.replies import PLAIN_HEADERS, connection_of, refuse, until_gone, view_of
from realtime.rooms.hub import get_hub
from realtime.rooms.repair import changes_of
from realtime.rooms.room import Room

logger = logging.getLogger(__name__)

SIGN_OF_LIFE = 15.0  # s between two comments in a stream that has nothing to say
CLOSING_PATIENCE = 5.0  # s for a slow reader to take the last events
RETRY_AFTER = 2.0  # s, asked of clients while the database is out of reach
GONE = CommentError(404, "not_found", "There is nothing to comment on at this address.")
ONLY_GET = CommentError(405, "bad_method", "Only GET is allowed here.")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events until it has a page full
    *PLAIN_HEADERS,
]


async def event_stream(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    """`/api/<collection>/<key>/events/`."""
    address = scope["client"][0] if scope.get("client") else "unknown"
    if scope["method"] != "GET":
        await refuse(send, ONLY_GET)
    elif not socket_count.admit(address):
        await refuse(send, TOO_MANY)
    else:
        try:
            await _open(scope, receive, send)
        finally:
            socket_count.release(address)


async def _open(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    address, credentials = scope["url_route"]["kwargs"], Credentials.of_request(scope)
    try:
        room = await get_hub().enter((address["kind"], address["key"]))
        author = await run_command(_identify, credentials)
    except CommentError:
        await refuse(send, GONE)
    except Exception as error:  # the database, most likely
        logger.warning("a stream could not be opened: %r", error)
        await refuse(send, BUSY)
    else:
        stream = EventStream(room, author, credentials, send, view_of(scope["query_string"]))
        connection = connection_of(scope)
        connection["on_shutdown"](stream.go_away)
        await stream.run(receive, connection["abort"], header(scope, b"last-event-id"))


def _identify(credentials: Credentials) -> Author | None:
    try:
        return credentials.author()
    except CommentError:
        return None


class EventStream:
    """One reader's stream, to the room a subscriber like a socket: what they missed, then what comes."""

    heard_at = float("inf")  # it never sends a frame, and so can't fall silent

    def __init__(
        self, room: Room, author: Author | None, credentials: Credentials, send: Any, view: str
    ) -> None:
        self.room = room
        self.view = view
        self.author = author
        self.credentials = credentials
        self.send_queue = Buffer(on_overflow=lambda: self.close_soon(Close.TOO_SLOW, "too_slow"))
        self._send = send
        self._begins_after = 0  # the number of the last change that the client had already
        self._over = asyncio.Event()
        self._bye = b""

    # What the room and the server ask of it

    def close_soon(self, code: Close, reason: str, retry_after: float | None = None) -> None:
        """Say bye and end, without making the caller wait. The first call counts."""
        if self._over.is_set():
            return
        # The field `retry` tells a browser when to come back; it knows nothing of our byes.
        retry = b"" if retry_after is None else f"retry: {retry_after * 1000:.0f}\n".encode()
        self._bye = retry + Prepared(protocol.encode(protocol.bye(code, reason, retry_after))).event
        self._over.set()
        self.send_queue.wake()
        get_hub().leave(self.room, self, for_good=code == Close.BANNED)

    def recognise(self, author: Author | None) -> None:
        """Go on as somebody else, or as nobody: logged out, a new name, new rights."""
        get_hub().identify(self.room, self, author)
        self.send_queue.write(Prepared(protocol.encode(self.room.welcome(author))))

    def go_away(self) -> None:
        """The process ends: send this reader to another, not all of them at once."""
        later = drain.retry_after(socket_count.total)
        loop = asyncio.get_running_loop()
        loop.call_later(drain.bye_delay(), self.close_soon, Close.GOING_AWAY, "going_away", later)

    # Flowing

    async def run(self, receive: Any, abort: Any, last_event_id: str | None) -> None:
        """Send until the client goes away, or is sent away; it resumes by itself."""
        hub = get_hub()
        position = self.room.position
        hub.join(self.room, self)
        gone = asyncio.create_task(until_gone(receive))
        flow = asyncio.create_task(self._flow(last_event_id, position))
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait([gone, flow, over], return_when=asyncio.FIRST_COMPLETED)
            hub.leave(self.room, self)
            await asyncio.wait([gone, flow], timeout=CLOSING_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            if not (gone.done() or flow.done()):  # the reader takes nothing any more
                abort()
                await asyncio.wait([gone], timeout=1.0)  # until the server has noticed
            if flow.done() and (error := flow.exception()) is not None:
                logger.warning("a stream broke off: %r", error)
        finally:
            hub.leave(self.room, self)
            for task in (gone, flow, over):
                task.cancel()

    async def _flow(self, last_event_id: str | None, position: int) -> None:
        await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        try:
            await self._catch_up(last_event_id, position)
        except OSError:
            return  # the client has gone already: what ASGI has a server raise then
        except Exception as error:  # the database, most likely
            logger.warning("what a stream missed could not be read: %r", error)
            self.close_soon(Close.BACKEND_DOWN, "backend_down", RETRY_AFTER)
        while not self._over.is_set():
            frames = await self.send_queue.read(SIGN_OF_LIFE)
            await self._write(b"".join(frame.event for frame in frames if self._is_news(frame)) or b":\n\n")
        await self._write(self._bye)
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _catch_up(self, last_event_id: str | None, position: int) -> None:
        """Welcome, then the changes after the last one that the client had, up to where the live ones begin.

        The welcome's `seq` is where the stream goes on. For a client that had nothing, or junk, or too little
        that is where things stand, and it sees that it has to start with a snapshot.
        """
        after = self._seq_of(last_event_id)
        page = None if after is None else await self._read(after)
        if page is not None and page.reset:
            page = None
        self._begins_after = position if page is None else page.from_seq
        welcome = msgspec.structs.replace(self.room.welcome(self.author), seq=self._begins_after)
        await self._write(Prepared(protocol.encode(welcome)).event)
        while page is not None:
            missed = [self.room.prepare(change) for change in changes_of(page) if change.seq <= position]
            await self._write(b"".join(frame.event for frame in missed))
            page = await self._read(page.seq) if page.has_more and page.seq < position else None

    async def _read(self, after: int) -> wire.History:
        return await run_command(queries.history, self.room.thread_id, after, epoch=self.room.epoch)

    def _seq_of(self, event_id: str | None) -> int | None:
        """The number of a change of this epoch, or None."""
        epoch, _, seq = (event_id or "").rpartition(":")
        known = epoch == self.room.epoch and seq.isascii() and seq.isdecimal() and len(seq) <= 18
        return int(seq) if known else None

    def _is_news(self, frame: Prepared) -> bool:
        """Whether the client lacks it: this process may be behind the one that it was with before."""
        return frame.event_id is None or int(frame.event_id.rpartition(":")[2]) > self._begins_after

    async def _write(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": True})
