"""Polling: `history/?wait=s` waits for a change, then is answered like any question for the history."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict

from comments import queries
from comments.api.serializers import HistoryQuery
from comments.attempts import TriedTooMuch, check_refusals
from realtime.database import log_failure
from realtime.frames import Prepared
from realtime.origin import Application
from realtime.protocol import Bye, Close
from realtime.readers.extensions import CONNECTION, extension_of
from realtime.readers.places import Way
from realtime.readers.reader import About, Reader
from realtime.readers.refusals import Refusal
from realtime.readers.replies import refuse, until_gone
from realtime.readers.send_queue import SendQueue
from realtime.readers.turns import run_command_of
from realtime.rooms.room import Room

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class Question:
    """A request that waits, around a Reader.

    It costs neither a thread nor a database connection. The first change wakes it, and the application finds
    that in the history, as always: one way to answer, one place that decides what is public. So its reader
    joins no room, and nothing is ever written to it.
    """

    def __init__(self, scope: Mapping[str, Any], about: About, query: Mapping[str, Any]) -> None:
        self._after: int = query["after"]
        self._reactions_after: int | None = query["reactions_after"]
        self._epoch: str | None = query["epoch"]
        self._wait: int = query["wait"]
        self._server = extension_of(scope, CONNECTION)
        queue = SendQueue(self._send_nothing, on_overflow=lambda: None)
        self.reader = Reader(scope, about, queue, self._say_nothing, Way.POLLING)

    async def wait(self, receive: Receive) -> Receive | None:
        """Wait until there is an answer; returns how to receive the rest of the request, None if it is gone.

        There is one when something newer than the question knows is here, its time is over, the server stops,
        or too many wait already: then the client asks again a moment later, and is not shut out. Raises
        Refusal, and CommentError 429 rate_limited.
        """
        try:
            check_refusals(self.reader.address)
            room = await self.reader.enter()
            if self.reader.doubt is not None:  # the application answers that, as it answers every question
                return receive
            return _without_body(receive) if await self._stay(room, receive) else None
        except Refusal as refusal:
            if refusal.code is Close.TOO_MANY_SOCKETS:
                return receive
            raise
        finally:
            self.reader.depart()

    async def _stay(self, room: Room, receive: Receive) -> bool:
        if self._server:
            self._server["on_shutdown"](self.reader.go_away)
        gone = asyncio.create_task(until_gone(receive))
        over = asyncio.create_task(self.reader.closed.wait())
        news = asyncio.create_task(self._until_news(room))
        tasks = (gone, over, news)
        try:
            await asyncio.wait(tasks, timeout=self._wait, return_when=asyncio.FIRST_COMPLETED)
            return not gone.done()
        finally:
            for task in tasks:
                task.cancel()

    async def _until_news(self, room: Room) -> None:
        try:
            if self._epoch in (None, room.epoch) and await self._has_all(room):
                await room.until_past(self._after, self._reactions_after)
        except Exception as error:  # the history itself has the right answer to every failure
            log_failure("what is new could not be found out", error)

    async def _has_all(self, room: Room) -> bool:
        """Whether the client knows all that there is; a room may be behind what another process told it."""
        if self._after <= room.position:
            return self._after == room.position
        heads = await run_command_of(self.reader.address, queries.get_heads, [room.thread_id])
        head = heads.public.get(room.thread_id)
        return head is not None and head.seq == self._after

    async def _send_nothing(self, frames: Sequence[Prepared]) -> None:
        pass

    async def _say_nothing(self, bye: Bye) -> None:
        """The answer says it, and the client asks again, elsewhere if need be."""


async def serve_question(
    scope: Mapping[str, Any], about: About, receive: Receive, send: Any, application: Application
) -> None:
    """Have the application answer a request for the history, at the right time."""
    query = _read_query(scope["query_string"])
    if query is None:
        await application(scope, receive, send)
        return
    try:
        rest = await Question(scope, about, query).wait(receive)
        if rest is not None:
            await application(scope, rest, send)
    except Refusal as refusal:
        await refuse(send, refusal.error)
    except TriedTooMuch as error:
        await refuse(send, error)


def _read_query(query_string: bytes) -> Mapping[str, Any] | None:
    """The fields of a query that is willing to wait; None for another, or one that will be refused."""
    try:
        query = HistoryQuery(data=QueryDict(query_string))
    except SuspiciousOperation:  # more fields than Django takes
        return None
    return query.validated_data if query.is_valid() and query.validated_data["wait"] else None


def _without_body(receive: Receive) -> Receive:
    """The rest of a request whose body was read, and thrown away, while it waited."""
    unread: list[Mapping[str, Any]] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive_rest() -> Mapping[str, Any]:
        return unread.pop() if unread else await receive()

    return receive_rest
