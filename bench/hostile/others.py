"""The others: people at addresses of their own who write and read as people do, and how long they wait."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bench.hostile.caller import Caller, NoAnswerError, Socket
from bench.marks import find_marks, make_mark

FIRST = 10  # 127.0.0.10 is the first of them
LISTENERS = 4  # sockets that only listen, so that each worker has some
POST_EVERY, PAGE_EVERY = 0.12, 0.2  # s
HEARTBEAT = 20.0  # s
PATIENCE = 15.0  # s


@dataclass
class Stretch:
    """What a stretch of time was like for the others.

    posts: seconds from a comment that was sent to its ack. seen: to its arrival at another reader. pages:
    from a question to the whole answer. failures: what was refused or never answered. since: ns.
    """

    posts: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    since: int = field(default_factory=time.monotonic_ns)

    def __add__(self, other: Stretch) -> Stretch:
        return Stretch(
            self.posts + other.posts,
            self.seen + other.seen,
            self.pages + other.pages,
            self.failures + other.failures,
            min(self.since, other.since),
        )


class Others:
    """One writer for each token, who all have sockets on one article, and readers who open its page.

    Each step is begun at its time, however late the steps before it are: a slow site is asked no less.
    """

    def __init__(self, port: int, slug: str, tokens: Sequence[str]) -> None:
        self._port, self._slug, self._tokens = port, slug, list(tokens)
        self._sockets: dict[int, Socket] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: dict[str, tuple[int, asyncio.Future[str]]] = {}  # by ref, with the writer's number
        self._stretch, self._news = Stretch(), asyncio.Event()
        self._addresses = (f"127.0.0.{FIRST + number % 200}" for number in itertools.count())

    async def __aenter__(self) -> Others:
        for number in range(len(self._tokens) + LISTENERS):
            await self._open_socket(number)
        self._writers = itertools.cycle(range(len(self._tokens)))
        self._tasks.add(asyncio.create_task(self._beat()))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        for socket in self._sockets.values():
            socket.abort()

    async def during(self, seconds: float) -> Stretch:
        """Write and read for so long, and wait for what was not answered then."""
        self._stretch = stretch = Stretch()
        paths = itertools.cycle(
            [
                f"/articles/{self._slug}/",
                f"/api/articles/{self._slug}/history/?after=0&limit=20",
                f"/api/articles/{self._slug}/comments/?limit=10",
            ]
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(_steadily(POST_EVERY, seconds, group, self._post))
            group.create_task(_steadily(PAGE_EVERY, seconds, group, lambda: self._open(next(paths))))
        expected = len(stretch.posts) * LISTENERS
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while len(stretch.seen) < expected:
                    self._news.clear()
                    await self._news.wait()
        if missing := expected - len(stretch.seen):
            stretch.failures.append(f"{missing} comments did not arrive")
        return stretch

    async def _post(self) -> None:
        stretch, ref, began = self._stretch, str(uuid.uuid4()), time.monotonic()
        text = f"What one of the others says. {make_mark()}"
        number = next(self._writers)
        socket = self._sockets.get(number)
        if socket is None:
            stretch.failures.append("a post: no socket")
            return
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answers[ref] = number, answer
        socket.send({"type": "message", "content": text, "ref": ref})
        try:
            async with asyncio.timeout(PATIENCE):
                said = await answer
        except TimeoutError:
            said = "no ack"
        finally:
            del self._answers[ref]
        if said == "ack":
            stretch.posts.append(time.monotonic() - began)
        else:
            stretch.failures.append(f"a post: {said}")

    async def _open(self, path: str) -> None:
        stretch, began = self._stretch, time.monotonic()
        try:
            answer = await self._caller().ask("GET", path)
        except NoAnswerError as error:
            stretch.failures.append(f"{path}: {error}")
            return
        if answer.status == 200:
            stretch.pages.append(time.monotonic() - began)
        else:
            stretch.failures.append(f"{path}: {answer.status}")

    async def _open_socket(self, number: int) -> None:
        writes = number < len(self._tokens)
        headers = {"Authorization": f"Token {self._tokens[number]}"} if writes else {}
        socket = await self._caller().open_socket(f"/ws/article/{self._slug}/", headers)
        self._sockets[number] = socket
        task = asyncio.create_task(self._hear(number, socket, listens=not writes))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hear(self, number: int, socket: Socket, *, listens: bool) -> None:
        """Hear what a socket says until it is closed, and open another one then."""
        with suppress(OSError):
            async for payload in socket.payloads():
                if listens:
                    self._see(payload)
                elif b'"ack"' in payload or b'"error"' in payload:
                    self._take(payload)
        self._stretch.failures.append("a socket was closed")
        del self._sockets[number]
        socket.abort()
        for writer, answer in self._answers.values():
            if writer == number and not answer.done():
                answer.set_result("the socket was closed")
        while number not in self._sockets:
            with suppress(NoAnswerError):
                await self._open_socket(number)

    async def _beat(self) -> None:
        """Say that the sockets are alive, as pages do."""
        while True:
            await asyncio.sleep(HEARTBEAT)
            for socket in self._sockets.values():
                socket.send({"type": "ping"})

    def _see(self, payload: bytes) -> None:
        stretch, now = self._stretch, time.monotonic_ns()
        stretch.seen += [(now - mark) / 1e9 for mark in find_marks(payload) if mark >= stretch.since]
        self._news.set()

    def _take(self, payload: bytes) -> None:
        frames = json.loads(payload)
        for frame in frames if isinstance(frames, list) else [frames]:
            _, answer = self._answers.get(frame.get("ref"), (0, None))
            if answer is not None and not answer.done() and frame["type"] in ("ack", "error"):
                answer.set_result("ack" if frame["type"] == "ack" else frame["reason"])

    def _caller(self) -> Caller:
        return Caller(self._port, next(self._addresses))


async def _steadily(
    every: float, seconds: float, group: asyncio.TaskGroup, step: Callable[[], Awaitable[None]]
) -> None:
    """Begin a step every so often, for so long."""
    clock = asyncio.get_running_loop().time
    began = clock()
    for number in range(round(seconds / every)):
        await asyncio.sleep(max(0.0, began + number * every - clock()))
        group.create_task(_run(step))


async def _run(step: Callable[[], Awaitable[None]]) -> None:
    await step()
