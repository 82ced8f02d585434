"""Requests and sockets from an address of one's own choice, without a library's good manners."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.websocket import CLOSE, PING, PONG, TEXT, FrameReader, client_frame, handshake

SERVER = "127.0.0.1"
MOST = 2**16  # bytes that are read at once
PATIENCE = 30.0  # s for an answer
LONGEST_HEAD = 2**16  # bytes


class NoAnswerError(Exception):
    """The server ended the connection before it had answered, or answered too late."""


@dataclass(frozen=True)
class Answer:
    status: int
    cookies: Mapping[str, str]
    body: bytes


class Socket:
    """A WebSocket that was accepted."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._frames = FrameReader()

    def send(self, frame: Mapping[str, Any] | bytes) -> None:
        payload = frame if isinstance(frame, bytes) else json.dumps(frame).encode()
        self._writer.write(client_frame(payload))

    async def drain(self) -> None:
        await self._writer.drain()

    async def payloads(self) -> AsyncIterator[bytes]:
        """Every text until the socket is closed."""
        while data := await self._reader.read(MOST):
            for opcode, payload in self._frames.read(data):
                if opcode == TEXT:
                    yield payload
                elif opcode == PING:
                    self._writer.write(client_frame(payload, PONG))
                elif opcode == CLOSE:
                    return

    def abort(self) -> None:
        self._writer.transport.abort()


class Caller:
    """Somebody at one address of this machine, who speaks to one server.

    address: any of 127.0.0.0/8; the server counts what comes from it.
    """

    def __init__(self, port: int, address: str) -> None:
        self.port, self.address = port, address
        self.host = f"{SERVER}:{port}"

    async def connect(
        self, *, buffer: int | None = None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection; `buffer` is how many bytes the system takes in before they are read."""
        connection = socket.socket()
        try:
            if buffer is not None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.setblocking(False)
            connection.bind((self.address, 0))
            await asyncio.get_running_loop().sock_connect(connection, (SERVER, self.port))
            return await asyncio.open_connection(sock=connection, limit=LONGEST_HEAD)
        except BaseException:
            connection.close()
            raise

    def request(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> bytes:
        """The head of a request on a connection that carries no second one."""
        lines = {"Host": self.host, "Connection": "close", **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode()

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """A request and its whole answer, on a connection of its own. Raises NoAnswerError."""
        length = {} if body is None else {"Content-Length": str(len(body))}
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await self.connect()
                try:
                    writer.write(self.request(method, path, {**length, **(headers or {})}) + (body or b""))
                    return _answer(await reader.read(-1))
                finally:
                    writer.transport.abort()
        except (OSError, TimeoutError) as error:
            raise NoAnswerError(repr(error)) from None

    async def open_socket(self, path: str, headers: Mapping[str, str] | None = None) -> Socket:
        """A socket that the server accepted. Raises NoAnswerError."""
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await self.connect()
                writer.write(handshake(self.host, path, headers or {}))
                try:
                    head = await reader.readuntil(b"\r\n\r\n")
                except BaseException:
                    writer.transport.abort()
                    raise
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise NoAnswerError(repr(error)) from None
        if not head.startswith(b"HTTP/1.1 101"):
            writer.transport.abort()
            raise NoAnswerError(head.split(b"\r\n")[0].decode(errors="replace"))
        return Socket(reader, writer)

    async def new_browser(self) -> dict[str, str]:
        """The headers of a browser that has opened a form."""
        answer = await self.ask("GET", "/login/")
        for name, token in answer.cookies.items():
            if name.endswith("csrftoken"):
                return {"Cookie": f"{name}={token}", "X-CSRFToken": token, "Origin": f"http://{self.host}"}
        raise NoAnswerError(f"the form was answered with {answer.status}")

    async def new_guest(self, name: str) -> dict[str, str]:
        """The headers of a browser whose owner has given a name, if the server took it."""
        headers = await self.new_browser()
        answer = await self.ask(
            "POST", "/api/guest/", {**headers, "Content-Type": "application/json"}, to_json(name=name)
        )
        for cookie, value in answer.cookies.items():
            headers["Cookie"] += f"; {cookie}={value}"
        return headers


def to_json(**fields: Any) -> bytes:
    """A body as hostile clients write it: no letter is escaped, so that all of its bytes are text."""
    return json.dumps(fields, ensure_ascii=False).encode()


def _answer(data: bytes) -> Answer:
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        raise NoAnswerError("the connection ended")
    first, *lines = head.decode("latin-1").split("\r\n")
    cookies = [
        line.partition(":")[2].split(";")[0].strip()
        for line in lines
        if line.lower().startswith("set-cookie:")
    ]
    return Answer(int(first.split()[1]), dict(cookie.split("=", 1) for cookie in cookies), body)
