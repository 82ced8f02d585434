"""Holds conversations with a running server, and records the answers."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.realtime.raw import CLOSE, TEXT, RawSocket, open_socket
from tests.rfc6455.case import PONG, STAMP, Case, Event, close

PATIENCE = 60.0  # s for a conversation, on a busy machine
AT_ONCE = 24  # conversations


@dataclass
class Heard:
    """The events that came from a server, and the code of its close; None where it dropped the connection."""

    events: list[Event] = field(default_factory=list)
    code: int | None = None
    welcome: bool = False
    over: bool = False

    def __str__(self) -> str:
        return f"{self.events}, then {self.code or 'the connection was dropped'}"


async def hold(case: Case, url: str, slug: str) -> Heard:
    """Hold one conversation on its own connection. Raises TimeoutError where the server leaves it open."""
    heard, news = Heard(), asyncio.Condition()
    async with asyncio.timeout(PATIENCE), open_socket(url, slug) as socket:
        listening = asyncio.create_task(_listen(socket, heard, news))

        async def until(condition: Callable[[], bool]) -> None:
            async with news:
                await news.wait_for(lambda: heard.over or condition())

        await until(lambda: heard.welcome)
        for step in case.steps:
            if isinstance(step, int):
                await until(lambda most=step: len(heard.events) >= most)  # type: ignore[misc]
            else:
                await _send(socket, step, heard)
        if case.closes:
            await until(lambda: len(heard.events) >= len(case.events))
            await _send(socket, close(), heard)
        await listening
    return heard


async def _send(socket: RawSocket, data: bytes, heard: Heard) -> None:
    if not heard.over:
        socket.send(data)
    for _ in range(2):  # one turn to read the socket, and one to look at what was read
        await asyncio.sleep(0)


async def _listen(socket: RawSocket, heard: Heard, news: asyncio.Condition) -> None:
    try:
        while True:
            opcode, payload = await socket.read_frame()
            assert heard.code is None, f"a frame after the close: {opcode} {payload!r}"
            async with news:
                _take(heard, opcode, payload)
                news.notify_all()
            if opcode == CLOSE and any(kind == "bye" for kind, _ in heard.events):
                socket.send(close())  # the server began it, and waits for the answer
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        async with news:
            heard.over = True
            news.notify_all()


def _take(heard: Heard, opcode: int, payload: bytes) -> None:
    if opcode == CLOSE:
        heard.code = struct.unpack("!H", payload[:2])[0] if payload else 1005
    elif opcode == PONG:
        heard.events.append(("pong", payload))
    else:
        assert opcode == TEXT, f"opcode {opcode}"
        _take_text(heard, json.loads(payload))


def _take_text(heard: Heard, frame: dict[str, object]) -> None:
    match frame:
        case {"type": "welcome"}:
            heard.welcome = True
        case {"type": "presence" | "typing"}:
            pass  # one of another conversation
        case {"type": "pong", "timestamp": int(timestamp)}:
            assert timestamp == STAMP
            heard.events.append(("answer", timestamp))
        case {"type": "error", "reason": str(reason)}:
            heard.events.append(("refused", reason))
        case {"type": "bye", "code": int(code)}:
            heard.events.append(("bye", code))
        case _:
            raise AssertionError(f"unasked: {frame}")


async def hold_all(cases: list[Case], url: str, slug: str) -> dict[str, Heard | str]:
    """Hold all conversations, many at a time; returns by case the answers, or what went wrong."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case) -> Heard | str:
        async with free:
            try:
                return await hold(case, url, slug)
            except TimeoutError:
                return f"still open after {PATIENCE:g} s"
            except AssertionError as error:
                return str(error)

    return dict(zip((case.id for case in cases), await asyncio.gather(*map(one, cases)), strict=True))
