"""Long polling: `history/?wait=s` waits for a change, then is answered like any history request."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict

from comments import queries
from comments.api.serializers import HistoryQuery
from comments.errors import CommentError
from realtime import drain
from realtime.database import run_command
from realtime.origin import Application
from realtime.readers.limits import socket_count
from realtime.readers.replies import connection_of, refuse, until_gone
from realtime.rooms.hub import get_hub

PATH = re.compile(r"/api/([-a-zA-Z0-9_]+)/([^/]+)/history/")
TOO_MANY = CommentError(429, "rate_limited", "Too many requests wait for this address.", retry_after=5)

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class LongPolling:
    """Parks history requests that ask for it, and hands all requests on to the application.

    A parked request costs neither a thread nor a database connection. The first change wakes it, and it finds
    that in the history, as always: one way to answer, one place that decides what is public.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Any) -> None:
        wanted = PATH.fullmatch(scope["path"]) if scope["method"] == "GET" else None
        query = _read_query(scope["query_string"]) if wanted is not None else None
        if wanted is None or query is None:
            await self.application(scope, receive, send)
            return
        address = scope["client"][0] if scope.get("client") else "unknown"
        if not socket_count.admit(address):
            await refuse(send, TOO_MANY)
            return
        try:
            stays = await _park(wanted[1], wanted[2], query, receive, connection_of(scope)["on_shutdown"])
        finally:
            socket_count.release(address)
        if stays:
            await self.application(scope, _without_body(receive), send)


def _read_query(query_string: bytes) -> Mapping[str, Any] | None:
    """The fields of a query that is willing to wait; None for another, or one that will be refused."""
    if b"wait" not in query_string:
        return None
    try:
        query = HistoryQuery(data=QueryDict(query_string))
    except SuspiciousOperation:  # more fields than Django takes
        return None
    return query.validated_data if query.is_valid() and query.validated_data["wait"] else None


async def _park(kind: str, key: str, query: Mapping[str, Any], receive: Receive, on_shutdown: Any) -> bool:
    """Wait until there is an answer to the query; returns whether the client is still there to hear it.

    That is when something newer than the query knows is here, its time is over, or the server stops.
    """
    loop = asyncio.get_running_loop()
    gone = loop.create_task(until_gone(receive))
    answer = loop.create_task(_until_changed(kind, key, query["after"], query["epoch"]))
    on_shutdown(lambda: loop.call_later(drain.bye_delay(), answer.cancel))
    try:
        await asyncio.wait([gone, answer], timeout=query["wait"], return_when=asyncio.FIRST_COMPLETED)
        return not gone.done()
    finally:
        gone.cancel()
        answer.cancel()


async def _until_changed(kind: str, key: str, after: int, epoch: str | None) -> None:
    try:
        thread = await run_command(queries.get_thread_at, kind, key)
        room = await get_hub().enter((kind, key))
    except Exception:  # the history itself has the right answer to every failure
        return
    # The room may be a little behind the thread: the client can know of a change through another process.
    if after == thread.head_seq and epoch in (None, thread.epoch):
        await room.until_past(after)


def _without_body(receive: Receive) -> Receive:
    """The rest of a request whose body was read, and thrown away, while it waited."""
    unread: list[Mapping[str, Any]] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive_rest() -> Mapping[str, Any]:
        return unread.pop() if unread else await receive()

    return receive_rest
