"""Server-sent events: the frames of a socket for a client that can't have one, over plain HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from comments import queries, wire
from comments.authors import Author
from comments.errors import BUSY, CommentError
from comments.models import Thread
from realtime import protocol
from realtime.database import run_command
from realtime.hub import as_read, get_hub
from realtime.identity import Credentials
from realtime.limits import socket_count
from realtime.origin import header
from realtime.outbox import Prepared
from realtime.parked import Buffer, ParkedReader
from realtime.polling import TOO_MANY
from realtime.protocol import Close
from realtime.replies import PLAIN_HEADERS, refuse, until_gone
from realtime.room import Room

logger = logging.getLogger(__name__)

SIGN_OF_LIFE = 15.0  # s between two comments in a stream that has nothing to say
NO_ARTICLE = CommentError(404, "not_found", "There is no such article.")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events until it has a page full
    *PLAIN_HEADERS,
]


async def event_stream(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    """`/api/articles/<slug>/events/`."""
    address = scope["client"][0] if scope.get("client") else "unknown"
    if scope["method"] != "GET":
        await refuse(send, CommentError(405, "bad_method", "Only GET is allowed here."))
    elif not socket_count.admit(address):
        await refuse(send, TOO_MANY)
    else:
        try:
            await _open(scope, receive, send)
        finally:
            socket_count.release(address)


async def _open(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
    slug = scope["url_route"]["kwargs"]["slug"]
    credentials = Credentials.of_request(scope)
    try:
        author, article_id = await run_command(_look_up, slug, credentials)
        room = await get_hub().enter(article_id)
    except (CommentError, Thread.DoesNotExist):
        await refuse(send, NO_ARTICLE)
        return
    except Exception as error:  # the database, most likely
        logger.warning("a stream could not be opened: %r", error)
        await refuse(send, BUSY)
        return
    stream = EventStream(room, author, credentials, send)
    gone = asyncio.ensure_future(until_gone(receive))
    flow = asyncio.ensure_future(stream.run(header(scope, b"last-event-id")))
    try:
        await asyncio.wait([gone, flow], return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        flow.cancel()


def _look_up(slug: str, credentials: Credentials) -> tuple[Author | None, int]:
    article = queries.get_article(slug)
    queries.get_thread(article)
    try:
        return credentials.author(), article.pk
    except CommentError:
        return None, article.pk


class EventStream:
    """One reader's stream: what they missed, then what comes."""

    def __init__(self, room: Room, author: Author | None, credentials: Credentials, send: Any) -> None:
        self.room = room
        self._send = send
        self._closed = asyncio.Event()
        self._buffer = Buffer(on_overflow=lambda: self._end(Close.TOO_SLOW, "too_slow"))
        self._reader = ParkedReader(self._buffer, self._end, author, credentials)
        self._bye: bytes | None = None

    async def run(self, last_event_id: str | None) -> None:
        """Send until the room sends the reader away; the client resumes by itself."""
        hub, room = get_hub(), self.room
        await self._send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        position = room.position
        hub.join(room, self._reader)
        try:
            await self._write(Prepared(protocol.encode(room.welcome(self._reader.author))).event)
            for event in await self._missed(last_event_id, position):
                await self._write(event)
            await self._flow()
        finally:
            hub.leave(room, self._reader)
        if self._bye is not None:
            await self._write(self._bye)
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _missed(self, last_event_id: str | None, position: int) -> list[bytes]:
        """The events after the last one that the client had, up to where the live ones begin.

        For one that had none, or junk, `welcome` says where things stand.
        """
        epoch, _, seq = (last_event_id or "").rpartition(":")
        if epoch != self.room.epoch or not seq.isdecimal() or len(seq) > 18:
            return []
        events = []
        after, more = int(seq), True
        while more and after < position:
            page = await run_command(queries.history, self.room.article_id, after, epoch=epoch)
            events += [self._event(change) for change in page.changes if change.seq <= position]
            after, more = page.seq, page.has_more
        return events

    def _event(self, change: wire.Change) -> bytes:
        return self.room.prepare(as_read(change)).event

    async def _flow(self) -> None:
        closed = asyncio.ensure_future(self._closed.wait())
        try:
            while not closed.done():
                frames = asyncio.ensure_future(self._buffer.read())
                await asyncio.wait(
                    [closed, frames], timeout=SIGN_OF_LIFE, return_when=asyncio.FIRST_COMPLETED
                )
                if frames.done():
                    await self._write(b"".join(frame.event for frame in frames.result()))
                else:
                    frames.cancel()
                    await self._write(b":\n\n")
        finally:
            closed.cancel()

    async def _write(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    def _end(self, code: Close, reason: str) -> None:
        if self._bye is None:
            self._bye = Prepared(protocol.encode(protocol.bye(code, reason))).event
            self._closed.set()
