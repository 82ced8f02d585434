"""A reader of one article over the real network, who keeps the whole wire contract.

A `Reader` begins with a snapshot or a page, follows the socket, asks the history where a number is missing,
comes back after a lost connection, and sends again, with the same ref, what was not acknowledged.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import secrets
import uuid
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from realtime.protocol import HEARTBEAT, may_reconnect
from tests.realtime.thread_copy import Frame, Gap, ThreadCopy
from tests.realtime.whole import read_whole

T = TypeVar("T")

PATIENCE = 60.0  # s that a test waits for what it says should come, on a machine that does much else
FIRST_WAIT, LONGEST_WAIT = 0.5, 20.0  # s between attempts to come back: full jitter over FIRST_WAIT * 2**n


class Reader:
    """One socket's worth of a reader.

    site_url: of the server. slug: of the article. http: shared by many readers; closed by who made it.
    headers: of the handshake, the cookies or the token. view: the id of the page view, a new one by default.
    batches: whether to offer `comments.v1`. comes_back: whether to reconnect when the connection is lost.
    haste: divides the waits before that.
    """

    def __init__(
        self,
        site_url: str,
        slug: str,
        http: httpx.AsyncClient,
        *,
        headers: dict[str, str] | None = None,
        view: str | None = None,
        anonymous: bool = False,
        batches: bool = True,
        comes_back: bool = False,
        haste: float = 1.0,
    ) -> None:
        self.slug = slug
        self.view = view or secrets.token_urlsafe(12)
        self.copy = ThreadCopy()
        self.frames: list[Frame] = []  # everything that arrived, in order
        self.times: dict[int, float] = {}  # when a numbered change was first known, by the loop's clock
        self.gaps = 0
        self.connections = 0
        self.recoveries: list[float] = []  # s from a lost connection to its end: welcomed, and up to date
        self.close_code: int | None = None
        self.failure: Exception | None = None
        self._address = f"{site_url.replace('http', 'ws', 1)}/ws/article/{slug}/?reader={self.view}"
        self._address += "&anonymous=1" if anonymous else ""
        self._api = f"{site_url}/api/articles/{slug}"
        self._page = f"{site_url}/articles/{slug}/"
        self._http = http
        self._headers = headers or {}
        self._batches = batches
        self._comes_back = comes_back
        self._haste = haste
        self._socket: ClientConnection | None = None
        self._pending: dict[str, Frame] = {}  # commands that were not answered, by ref
        self._news = asyncio.Event()
        self._life: asyncio.Task[None] | None = None
        self._lost_at: float | None = None

    async def __aenter__(self) -> Reader:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    # Coming and going

    async def open(self, *, page: bool = False) -> Frame:
        """Begin with a snapshot, or with the article's `page`, and join; returns the welcome."""
        await (self.read_page() if page else self.read_snapshot())
        return await self.join()

    async def join(self) -> Frame:
        """Connect and wait for the welcome, or the bye, and for everything that was missed until then."""
        before = len(self.frames)
        self.close_code = self.failure = None
        self._life = asyncio.create_task(self._live())

        def outcome() -> Frame | None:
            said = (frame for frame in self.frames[before:] if frame["type"] in ("welcome", "bye"))
            return next(said, None)

        return await self.until(outcome)

    async def leave(self) -> None:
        """Go, and take the connection along."""
        self._comes_back = False
        if self._life is not None:
            self._life.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._life
        if self._socket is not None:
            await self._socket.close()

    def cut(self) -> None:
        """Lose the connection, without a word to the server."""
        assert self._socket is not None
        self._socket.transport.abort()

    @property
    def stays(self) -> bool:
        """Whether this reader has neither left nor been sent away."""
        return self._life is not None and not self._life.done()

    @property
    def socket(self) -> ClientConnection:
        assert self._socket is not None
        return self._socket

    # Reading over HTTP

    async def read_snapshot(self) -> None:
        """Begin again with all that the thread has."""
        first, comments = await read_whole(self._http, f"{self._api}/comments/")
        self.copy.begin(first["epoch"], first["seq"], comments, count=first["count"], policy=first["policy"])

    async def read_page(self) -> None:
        """Begin with what the article's HTML page says of itself, and with the comments that it shows."""
        html = (await self._http.get(self._page)).raise_for_status().text
        told = dict(re.findall(r'data-(epoch|seq|count|policy)="([^"]*)"', html))
        ids = re.findall(r'id="comment-(\d+)"', html)
        comments = [{"id": key, "status": "visible", "version": 1, "content": None} for key in ids]
        count, policy = int(told["count"]), told["policy"]
        self.copy.begin(told["epoch"], int(told["seq"]), comments, count=count, policy=policy)

    async def catch_up(self) -> None:
        """Ask the history until nothing is missing; start again where it says so."""
        while True:
            after, epoch = self.copy.position, self.copy.epoch
            answer = await self._get(f"{self._api}/history/", after=after, epoch=epoch)
            if answer["reset"]:
                await self.read_snapshot()
                return
            self.copy.replay(answer)
            self._note_time()
            if not answer["has_more"]:
                return

    async def _get(self, url: str, **parameters: Any) -> Any:
        answer = await self._http.get(url, params=parameters)
        return answer.raise_for_status().json()

    # Writing

    async def send(self, frame: Frame | str | bytes) -> None:
        await self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def post(
        self, content: str, *, parent: str | None = None, ref: str | None = None, within: float = PATIENCE
    ) -> Frame:
        """Write a comment; returns its ack or error, from this connection or a later one."""
        ref = ref or str(uuid.uuid4())
        frame = {"type": "message", "content": content, "ref": ref, "parent": parent}
        before = len(self.frames)
        self._pending[ref] = frame
        with contextlib.suppress(ConnectionClosed):
            await self.send(frame)
        return await self.until(lambda: self._answer(ref, before), within=within)

    async def ask(self, type_: str, **fields: Any) -> Frame:
        """Send a command that may be sent again; returns its ack or error."""
        ref, before = str(uuid.uuid4()), len(self.frames)
        await self.send({"type": type_, "ref": ref, **fields})
        return await self.until(lambda: self._answer(ref, before))

    def _answer(self, ref: str, begin: int) -> Frame | None:
        answers = (f for f in self.frames[begin:] if f["type"] in ("ack", "error") and f.get("ref") == ref)
        return next(answers, None)

    async def ping(self) -> Frame:
        """Ask the server where it stands; what it wrote to this socket before has arrived by then."""
        stamp = random.randrange(2**31)  # noqa: S311 - a label
        await self.send({"type": "ping", "timestamp": stamp})
        return await self.next("pong", timestamp=stamp)

    # Waiting

    async def until(self, condition: Callable[[], T | None], within: float = PATIENCE) -> T:
        """Return what `condition()` is as soon as that is true; it is asked again at every news.

        Raises what ended the connection, if that was no close of the server's.
        """
        try:
            async with asyncio.timeout(within):
                while not (value := condition()):
                    if self.failure is not None:
                        raise self.failure
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            last = [str(frame)[:200] for frame in self.frames[-8:]]
            raise TimeoutError(
                f"not within {within:g} s; closed {self.close_code}; last frames: {last}"
            ) from None
        return value

    async def next(self, type_: str, within: float = PATIENCE, **fields: Any) -> Frame:
        """Return the first frame of this type and with these fields, waiting for it if need be."""
        return await self.until(lambda: next(iter(self.of_type(type_, **fields)), None), within)

    async def reaches(self, seq: int, within: float = PATIENCE) -> None:
        """Wait until this reader's copy knows the change of this number."""
        await self.until(lambda: self.copy.position >= seq, within)

    async def closed(self, within: float = PATIENCE) -> int:
        """Wait until the server closed the connection for good; returns its code."""
        return await self.until(lambda: self.close_code, within)

    def of_type(self, type_: str, **fields: Any) -> list[Frame]:
        return [
            frame
            for frame in self.frames
            if frame["type"] == type_ and all(frame.get(name) == value for name, value in fields.items())
        ]

    # The life of the connection

    async def _live(self) -> None:
        attempt = 0
        while True:
            try:
                async with connect(
                    self._address,
                    subprotocols=[Subprotocol("comments.v1")] if self._batches else None,
                    additional_headers=self._headers,
                    compression=None,
                    ping_interval=None,
                    max_size=None,
                    open_timeout=PATIENCE,
                    proxy=None,
                ) as self._socket:
                    self.connections += 1
                    attempt = 0
                    await self._listen(self._socket)
                code = self._socket.close_code or 1006
            except Exception as failure:
                lost = isinstance(failure, (OSError, WebSocketException, httpx.HTTPError))
                if not (lost and self._comes_back):
                    self._end(failure=failure)
                    return
                code = 1006
            if self._lost_at is None:
                self._lost_at = asyncio.get_running_loop().time()
            if not (self._comes_back and may_reconnect(code)):
                self._end(code=code)
                return
            longest = min(FIRST_WAIT * 2**attempt, LONGEST_WAIT) / self._haste
            attempt += 1
            await asyncio.sleep(random.uniform(0, longest))  # noqa: S311 - a wait

    def _end(self, *, code: int | None = None, failure: Exception | None = None) -> None:
        self.close_code, self.failure = code, failure
        self._news.set()

    async def _listen(self, socket: ClientConnection) -> None:
        heart = asyncio.create_task(self._beat())
        try:
            async for text in socket:
                data = json.loads(text)
                for frame in data if isinstance(data, list) else [data]:
                    await self._take(frame)
                self._news.set()
        except ConnectionClosed:
            pass
        finally:
            heart.cancel()

    async def _beat(self) -> None:
        """Show the server that somebody is there, also while there is nothing to say."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(HEARTBEAT)
                await self.send({"type": "ping"})

    async def _take(self, frame: Frame) -> None:
        if "prev" in frame:
            try:
                self.copy.take(frame)
            except Gap:
                self.gaps += 1
                await self.catch_up()
            self._note_time()
        elif frame["type"] in ("welcome", "pong"):
            if frame["epoch"] != self.copy.epoch or frame["seq"] > self.copy.position:
                await self.catch_up()
            if frame["type"] == "welcome":
                self._note_recovery()
                for command in self._pending.values():
                    await self.send(command)
        elif frame["type"] in ("ack", "error"):
            self._pending.pop(frame.get("ref", ""), None)
        self.frames.append(frame)

    def _note_recovery(self) -> None:
        if self._lost_at is not None:
            self.recoveries.append(asyncio.get_running_loop().time() - self._lost_at)
            self._lost_at = None

    def _note_time(self) -> None:
        self.times.setdefault(self.copy.position, asyncio.get_running_loop().time())
