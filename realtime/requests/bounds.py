"""Requests in front of Django: their bodies have a size, and few of them are worked at at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from comments.addresses import UNKNOWN
from comments.conf import rates_are_limited
from comments.errors import BUSY, CommentError
from comments.rates import network_of
from realtime.origin import Application
from realtime.readers.replies import refuse
from realtime.requests.turns import Most, Places, Turns

HERE = Most(of_one=250, in_all=2_000)  # requests that wait, are worked at or answered; waiting ones are cheap
WORK = Most(of_one=6, in_all=24)  # threads that are busy: they share one core, and the database's connections
ANSWERS = Most(of_one=40, in_all=300)  # answers that are made or not yet gone: each is held in memory
PATIENCE = 10.0  # s that a request waits for its turn
MOST_BODIES = 64_000_000  # bytes of all bodies that are held at once
TOO_LARGE = CommentError(413, "too_long", "The request is too large.")

Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Bounds:
    """Puts an application behind limits: those on numbers are lifted with those on rates."""

    def __init__(
        self,
        application: Application,
        *,
        here: Most = HERE,
        work: Most = WORK,
        answers: Most = ANSWERS,
        patience: float = PATIENCE,
    ) -> None:
        self._application = application
        self._here = Places(here)
        self.turns = Turns(work=work, answers=answers)
        self.patience = patience
        self.bodies = 0  # bytes that are held now

    async def __call__(
        self, scope: Mapping[str, Any], receive: Any, send: Any, largest_body: int | None = None
    ) -> None:
        """Answer a request. largest_body: bytes; None where the application has a limit of its own."""
        network = network_of((scope.get("client") or (UNKNOWN,))[0] or UNKNOWN)
        request = Request(self, network, scope, receive, send, largest_body)
        if largest_body is not None and length_of(scope) > largest_body:
            await request.refuse(TOO_LARGE)
        elif rates_are_limited() and not self._here.has_one_for(network):
            await request.refuse(BUSY)
        else:
            self._here.take(network)
            try:
                await self._application(scope, request.receive, request.send)
            finally:
                request.end()
                self._here.give_back(network)


class Request:
    """One request on its way through an application, from its first byte to the last of its answer."""

    def __init__(
        self,
        bounds: Bounds,
        network: str,
        scope: Mapping[str, Any],
        receive: Any,
        send: Any,
        largest: int | None,
    ) -> None:
        self._bounds = bounds
        self._network = network
        self._scope = scope
        self._receive = receive
        self._send = send
        self._largest = largest
        self._size = 0
        self._works = self._answers = self._refused = False

    async def receive(self) -> Mapping[str, Any]:
        """What comes; the application gets the last of a request when it is its turn to work at it."""
        if self._refused:
            return {"type": "http.disconnect"}
        message: Mapping[str, Any] = await self._receive()
        if message["type"] != "http.request":
            return message
        refusal = self._count(len(message.get("body", b"")))
        if refusal is None and not message.get("more_body", False):
            refusal = await self._begin()
        if refusal is None:
            return message
        await self.refuse(refusal)
        return {"type": "http.disconnect"}

    async def send(self, message: Mapping[str, Any]) -> None:
        """What goes; where an answer begins, the work is done."""
        if message["type"] == "http.response.start":
            self._end_work()
        await self._send(message)

    async def refuse(self, error: CommentError) -> None:
        """Answer in the application's stead."""
        self._refused = True
        await refuse(self._send, error, is_page=wants_page(self._scope))

    def end(self) -> None:
        """The application has returned."""
        self._end_work()
        self._bounds.bodies -= self._size
        self._size = 0
        if self._answers:
            self._answers = False
            self._bounds.turns.end_answer(self._network)

    def _count(self, size: int) -> CommentError | None:
        if self._largest is None:  # Django writes the large ones of another application to files
            return None
        self._size += size
        self._bounds.bodies += size
        if self._size > self._largest:
            return TOO_LARGE
        return BUSY if size and self._bounds.bodies > MOST_BODIES else None

    async def _begin(self) -> CommentError | None:
        if self._works or self._answers or not rates_are_limited():
            return None
        try:
            await self._bounds.turns.take(self._network, self._bounds.patience)
        except TimeoutError:
            return BUSY
        self._works = self._answers = True
        return None

    def _end_work(self) -> None:
        if self._works:
            self._works = False
            self._bounds.turns.end_work(self._network)


def header(scope: Mapping[str, Any], name: bytes) -> bytes:
    """The first header of this name, or nothing."""
    return next((value for each, value in scope["headers"] if each == name), b"")


def length_of(scope: Mapping[str, Any]) -> int:
    """The length of a body as its sender says; 0 where nothing, or no number, is said."""
    said = header(scope, b"content-length")
    return int(said[:20]) if said.isdigit() else 0


def has_body(scope: Mapping[str, Any]) -> bool:
    """Whether a body comes, of whatever length."""
    return bool(header(scope, b"transfer-encoding")) or length_of(scope) > 0


def wants_page(scope: Mapping[str, Any]) -> bool:
    """Whether a browser asks for a page, and not a script of it for an answer."""
    return b"text/html" in header(scope, b"accept")
