"""Requests and frames that come as fast as they are answered, or as fast as a socket may send."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from bench.hostile.attacker import Attacker
from bench.hostile.caller import NoAnswerError, Socket, to_json
from bench.hostile.worst import COMMENT, HUGE, LONG, NAME_BYTES, marks

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
WRITERS = 6
LOGINS = 60
SOCKETS = 60
TYPISTS = 25  # sockets of one person
FRAMES_A_SECOND = 18.0  # of one socket; a faster one is closed
QUESTIONS = 20
CHURNERS = 20
READERS = 30
NAME = marks(NAME_BYTES)


async def worst_names(attacker: Attacker) -> None:
    """Log in with 144 KB of combining marks, at every form that takes a name."""
    browser = await attacker.new_browser()
    form = f"username={NAME}&password=x&csrfmiddlewaretoken={browser['X-CSRFToken']}".encode()
    requests = itertools.cycle(
        [
            ("/api/token/", JSON, to_json(username=NAME, password="x")),  # noqa: S106 - nobody's
            ("/login/", {**browser, **FORM}, form),
            ("/admin/login/", {**browser, **FORM}, form),
            ("/api/guest/", {**browser, **JSON}, to_json(name=NAME)),
        ]
    )

    async def log_in(_: int) -> None:
        path, headers, body = next(requests)
        await attacker.send("POST", path, headers, body)

    await attacker.at_once(WRITERS, log_in)


async def worst_texts(attacker: Attacker) -> None:
    """Send a megabyte of the worst text to everything that takes one, and the worst that is short enough."""
    guest = await attacker.new_guest("Mallory")
    texts = itertools.cycle([text for pair in zip(HUGE, LONG, strict=True) for text in pair])
    calls = itertools.cycle(
        [
            ("POST", "comments/", guest),
            ("POST", "comments/preview/", guest),
            ("POST", "comments/", attacker.member),
            ("PATCH", "comments/1/", attacker.member),
            ("POST", "read/", attacker.member),
            ("POST", "verify/", {}),
        ]
    )

    async def write(_: int) -> None:
        text, (method, call, who) = next(texts), next(calls)
        body = to_json(content=text, ref=str(uuid.uuid4()), version=1, epoch=text, seq=1, digest=text)
        await attacker.send(method, f"{attacker.api}/{call}", {**JSON, **who}, body)

    await attacker.at_once(WRITERS, write)


async def wrong_passwords(attacker: Attacker) -> None:
    """Try sixty passwords at once, each for another name."""

    async def guess(number: int) -> None:
        body = to_json(username=f"reader{number}", password=f"guess-{number}")
        answer = await attacker.send("POST", "/api/token/", JSON, body)
        if answer.status == 429:
            raise NoAnswerError("this address has tried enough")

    await attacker.at_once(LOGINS, guess)


async def refused_frames(attacker: Attacker) -> None:
    """Let sixty sockets send what is refused: blank and oversized texts, wrong tokens, unknown comments."""
    frames: list[Mapping[str, Any]] = [
        {"type": "message", "content": " \u200b\n", "ref": str(uuid.uuid4())},
        {"type": "message", "content": "\ufdfa" * (COMMENT + 1), "ref": str(uuid.uuid4())},
        {"type": "auth", "token": "0" * 40},
        {"type": "react", "id": "999999999", "emoji": "👍", "on": True, "ref": "r"},
        {"type": "edit", "id": "999999999", "content": "x", "version": 1, "ref": "e"},
        {"type": "delete", "id": "999999999", "ref": "d"},
        {"type": "message", "content": "x", "parent": "999999999", "ref": str(uuid.uuid4())},
        {"type": "read", "seq": -1, "ref": "m"},
        {"type": "verify", "epoch": "x", "seq": 1, "digest": "00000000", "windows": [{}]},
    ]
    await _flood(attacker, SOCKETS, frames, [{}, attacker.member])


async def typing_floods(attacker: Attacker) -> None:
    """Let named readers begin and end to type as often as their sockets may send."""
    guests = [await attacker.new_guest(f"Mallory {letter}") for letter in "abcdefgh"]
    frames = [{"type": "typing", "on": True, "parent": None}, {"type": "typing", "on": False, "parent": None}]
    await _flood(attacker, TYPISTS, frames, guests)


async def handshake_churn(attacker: Attacker) -> None:
    """Come and go as fast as possible, each time as somebody else."""
    guests = [await attacker.new_guest(f"Trudy {letter}") for letter in "abcdefgh"]

    async def come_and_go(number: int) -> None:
        path = f"{attacker.socket_path}?reader=churn-{number:08}"
        socket = await attacker.open_socket(path, guests[number % len(guests)])
        try:
            async for _ in socket.payloads():
                attacker.tally["welcomed"] += 1
                return
        finally:
            socket.abort()

    await attacker.at_once(CHURNERS, come_and_go)


async def history_questions(attacker: Attacker) -> None:
    """Ask the history from ever another number on, each question as soon as another is answered."""

    async def ask(number: int) -> None:
        await attacker.send("GET", f"/api/articles/{attacker.large}/history/?after={number}&limit=500")

    await attacker.at_once(QUESTIONS, ask)


async def large_reads(attacker: Attacker) -> None:
    """Read the largest pages and answers, thirty at once, each again as soon as it has come."""
    large = f"/api/articles/{attacker.large}"
    paths = [
        f"/articles/{attacker.large}/",
        f"{large}/comments/?limit=100",
        f"{large}/comments/?limit=100&sort=top",
        "/api/schema/",
        f"{large}/comments/?cursor={'x' * 1000}",
    ]

    async def read(number: int) -> None:
        answer = await attacker.send("GET", paths[number % len(paths)])
        if answer.status in (429, 503):
            raise NoAnswerError("the server has other work")

    await attacker.at_once(READERS, read)


async def _flood(
    attacker: Attacker,
    sockets: int,
    frames: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, str]],
) -> None:
    async def send_all(number: int) -> None:
        who = people[number % len(people)]
        socket = await attacker.open_socket(f"{attacker.socket_path}?reader=flood-{number:06}", who)
        hearing = asyncio.create_task(_hear(attacker, socket))
        try:
            for frame in itertools.islice(itertools.cycle(frames), number, None):
                if hearing.done():
                    raise NoAnswerError("the socket was closed")
                socket.send(frame)
                attacker.tally["sent"] += 1
                await asyncio.sleep(1 / FRAMES_A_SECOND)
        finally:
            hearing.cancel()
            socket.abort()

    await attacker.at_once(sockets, send_all)


async def _hear(attacker: Attacker, socket: Socket) -> None:
    async for payload in socket.payloads():
        attacker.tally["refused"] += b'"type":"error"' in payload
