"""Long polling: `history/?wait=s` waits for a change, then is answered like any history request."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from comments import queries
from comments.errors import CommentError
from realtime.database import run_command
from realtime.hub import get_hub
from realtime.limits import socket_count
from realtime.origin import Application
from realtime.replies import refuse, until_gone
from realtime.room import Room

LONGEST_WAIT = 25  # s; proxies commonly give up after 30 or 60
PATH = re.compile(r"/api/articles/([-a-zA-Z0-9_]+)/history/")
TOO_MANY = CommentError(429, "rate_limited", "Too many requests wait for this address.", retry_after=5)
BAD_WAIT = CommentError(400, "bad_field", f"wait must be a number of seconds, up to {LONGEST_WAIT}.")


class LongPolling:
    """Parks history requests that ask for it, and hands all requests on to the application.

    A parked request costs neither a thread nor a database connection. The first change wakes it, and it finds
    that in the history, as always: one way to answer, one place that decides what is public.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        wanted = PATH.fullmatch(scope["path"]) if scope["method"] == "GET" else None
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if wanted is None or "wait" not in query:
            await self.application(scope, receive, send)
            return
        wait = query["wait"][-1]
        if not re.fullmatch(r"[0-9]{1,2}", wait) or int(wait) > LONGEST_WAIT:
            await refuse(send, BAD_WAIT)
            return
        address = scope["client"][0] if scope.get("client") else "unknown"
        if not socket_count.admit(address):
            await refuse(send, TOO_MANY)
            return
        try:
            gone = await park(wanted[1], query, int(wait), receive)
        finally:
            socket_count.release(address)
        if not gone:
            await self.application(scope, _empty_request, send)


async def park(slug: str, query: Mapping[str, list[str]], wait: int, receive: Any) -> bool:
    """Wait until the article has something newer than the query knows; returns whether the client went away.

    A query that can be answered, or refused, at once does not wait.
    """
    after, epoch = query.get("after", [""])[-1], query.get("epoch", [""])[-1]
    try:
        article = await run_command(queries.get_article, slug)
        await run_command(queries.get_thread, article)
        room = await get_hub().enter(article.pk)
    except Exception:  # the history itself has the right answer to every failure
        return False
    if not after.isdecimal() or int(after) != room.position or epoch not in ("", room.epoch):
        return False
    return await _until_changed(room, wait, receive)


async def _until_changed(room: Room, wait: int, receive: Any) -> bool:
    with room.watched() as changed:
        gone = asyncio.ensure_future(until_gone(receive))
        woken = asyncio.ensure_future(changed.wait())
        try:
            await asyncio.wait([gone, woken], timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            return gone.done()
        finally:
            gone.cancel()
            woken.cancel()


async def _empty_request() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}
