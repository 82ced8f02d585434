"""Connections that are held: answers nobody reads, requests that never end, all places taken."""

from __future__ import annotations

import asyncio

from bench.hostile.attacker import Attacker
from bench.hostile.caller import NoAnswerError

UNREAD = 60
SMALLEST = 4096  # bytes of a receive buffer
HALF_SENT = 1_500
AT_ONCE = 50  # that are begun together
DRIPPING = 100
DRIP = 0.2  # s
BODY = 300_000_000  # bytes, declared
CHUNK = 2**16  # bytes
MOST_SENT = 30_000_000  # bytes of each body that are really sent
SOCKETS, STREAMS, POLLS = 300, 120, 60
LONG_HEADERS = 3_000_000  # bytes of one head


async def unread_answers(attacker: Attacker) -> None:
    """Ask for the largest answers at once, and read none of them."""
    paths = [
        f"/articles/{attacker.large}/",
        f"/api/articles/{attacker.large}/comments/?limit=100",
        f"/api/articles/{attacker.large}/history/?after=0&limit=500",
        "/api/schema/",
    ]

    async def ask(number: int) -> None:
        _, writer = await attacker.connect(buffer=SMALLEST)
        try:
            writer.write(attacker.request("GET", paths[number % len(paths)]))
            attacker.tally["asked"] += 1
            await _until_cut(writer)
        finally:
            writer.transport.abort()

    await attacker.at_once(UNREAD, ask)


async def half_sent_bodies(attacker: Attacker) -> None:
    """Begin 1,500 requests with a body, and never send the rest of it."""
    turns = asyncio.Semaphore(AT_ONCE)
    head = attacker.request(
        "POST", "/api/guest/", {"Content-Type": "application/json", "Content-Length": "1000"}
    )

    async def begin(_: int) -> None:
        async with turns:
            reader, writer = await attacker.connect()
        try:
            writer.write(head + b'{"name": "')
            attacker.tally["begun"] += 1
            attacker.tally["answered"] += bool(await reader.read(CHUNK))
        finally:
            writer.transport.abort()

    await attacker.at_once(HALF_SENT, begin)


async def dripped_heads(attacker: Attacker) -> None:
    """Send the heads of requests and of handshakes byte by byte."""
    heads = [
        attacker.request("GET", "/"),
        attacker.request(
            "GET",
            attacker.socket_path,
            {"Upgrade": "websocket", "Connection": "Upgrade", "X-Long": "a" * 500},
        ),
    ]

    async def drip(number: int) -> None:
        _, writer = await attacker.connect()
        try:
            for byte in heads[number % 2]:
                writer.write(bytes((byte,)))
                await writer.drain()
                await asyncio.sleep(DRIP)
        finally:
            writer.transport.abort()

    await attacker.at_once(DRIPPING, drip)


async def huge_bodies(attacker: Attacker) -> None:
    """Send bodies of 300 MB, half of them without saying so before, and heads that do not end."""
    json_ = {"Content-Type": "application/json"}
    piece = b"%x\r\n%b\r\n" % (CHUNK, b"a" * CHUNK)

    async def send(number: int) -> None:
        reader, writer = await attacker.connect()
        answer = asyncio.create_task(reader.read(CHUNK))
        try:
            if number % 3 == 0:
                writer.write(attacker.request("POST", "/api/guest/", {**json_, "Content-Length": str(BODY)}))
                await _pour(writer, answer, b"a" * CHUNK)
            elif number % 3 == 1:
                writer.write(
                    attacker.request("POST", "/api/guest/", {**json_, "Transfer-Encoding": "chunked"})
                )
                await _pour(writer, answer, piece)
            else:
                writer.write(attacker.request("GET", "/")[:-2])
                await _pour(writer, answer, b"X-More: " + b"a" * 4000 + b"\r\n", LONG_HEADERS)
            attacker.tally["sent"] += 1
            await answer
        finally:
            answer.cancel()
            writer.transport.abort()

    await attacker.at_once(6, send)


async def all_places(attacker: Attacker) -> None:
    """Take every place that one address has, on all three ways, and come again when sent away."""

    async def hold_socket(number: int) -> None:
        socket = await attacker.open_socket(f"{attacker.socket_path}?reader=hostile-{number:06}")
        try:
            attacker.tally["sockets"] += 1
            async for payload in socket.payloads():
                attacker.tally["refused"] += b"too_many_sockets" in payload
        finally:
            socket.abort()

    async def hold_answer(number: int) -> None:
        path = "events/" if number % 3 else "history/?after=1000000&wait=25"
        answer = await attacker.send("GET", f"{attacker.api}/{path}")
        if answer.status == 429:
            raise NoAnswerError("no place is free")

    async with asyncio.TaskGroup() as group:
        group.create_task(attacker.at_once(SOCKETS, hold_socket))
        group.create_task(attacker.at_once(STREAMS + POLLS, hold_answer))


async def _until_cut(writer: asyncio.StreamWriter) -> None:
    """Wait until the server ends a connection that nobody reads."""
    transport = writer.transport
    transport.pause_reading()  # type: ignore[attr-defined]
    while not transport.is_closing():
        await asyncio.sleep(DRIP)
        writer.write(b"\r\n")  # fails once the other end has gone


async def _pour(
    writer: asyncio.StreamWriter, answer: asyncio.Task[bytes], piece: bytes, most: int = MOST_SENT
) -> None:
    """Send a piece again and again, until there is an answer."""
    for _ in range(most // len(piece)):
        if answer.done():
            return
        writer.write(piece)
        await writer.drain()
