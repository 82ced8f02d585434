"""Many WebSockets in one thread, so cheap that the server is measured and not the client.

A server sends the same bytes to all readers. The swarm therefore remembers what a chunk of bytes says, and
each further socket that reads the same chunk costs one system call and one look into a dictionary.
"""

from __future__ import annotations

import select
import socket
import time
from array import array
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from bench.errors import BenchError
from bench.marks import find_marks
from bench.websocket import CLOSE, PING, PONG, TEXT, FrameReader, client_frame, handshake

READ, WRITE = select.POLLIN, select.POLLOUT  # epoll has the same numbers
CHUNK = 32_768  # bytes; a buffer of 128 KiB or more would be asked of the system at each read
AT_ONCE = 128  # handshakes under way, unless a herd is wanted
REMEMBERED = 2048  # chunks
NONE: tuple[int, ...] = ()


class Connection:
    """One socket: its handshake first, then messages. `step` is called until it is `open`."""

    __slots__ = ("closed_with", "number", "open", "reader", "ready", "received", "seen", "sock", "step")

    def __init__(self, number: int) -> None:
        self.number = number
        self.open = False
        self.ready = False  # the server has greeted
        self.reader = FrameReader()
        self.received = b""
        self.seen: set[int] = set()
        self.closed_with: int | None = None
        self.sock = socket.socket()
        self.step: Callable[[int], None]  # takes the event


class Fetch:
    """One HTTP GET on a connection of its own."""

    __slots__ = ("received", "sock", "step")

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.sock = socket.socket()
        self.step: Callable[[int], None]


class Swarm:
    """Sockets on one path of one server, each with headers of its own.

    greeting: what the frame holds by which the server says that the socket is taken in; None where the server
    says nothing. on_frame gets every message without a mark, on_ready every socket as it is greeted. Marks
    from before `since` (ns) are not counted. Use it in a `with` block.
    """

    def __init__(
        self,
        port: int,
        path: str,
        headers: Sequence[Mapping[str, str]],
        *,
        greeting: bytes | None = None,
        on_frame: Callable[[Connection, bytes], None] | None = None,
        on_ready: Callable[[Connection, bytes], None] | None = None,
    ) -> None:
        self.port, self.path, self.headers, self.greeting = port, path, headers, greeting
        self.on_frame, self.on_ready = on_frame, on_ready
        self.connections = [Connection(number) for number in range(len(headers))]
        self.ready = self.doubled = 0
        self.latencies = array("q")  # ns, one for each mark on each socket
        self.closed: Counter[int | None] = Counter()  # by close code
        self.last_delivery = 0  # ns
        self._since = 0
        self._known: dict[bytes, tuple[int, ...]] = {}
        self._table: dict[int, Connection | Fetch] = {}
        self._unopened = deque(self.connections)
        self._poller, self._to_unit = _make_poller()

    def __enter__(self) -> Swarm:
        return self

    def __exit__(self, *_: object) -> None:
        for each in list(self._table.values()):
            self._drop(each)

    # Opening

    def open(self, *, at_once: int = AT_ONCE, within: float = 60.0) -> None:
        """Connect all, and return when all are greeted.

        Raises BenchError if that takes too long or one is refused.
        """
        deadline = time.monotonic() + within
        while self.ready < len(self.connections):
            self.open_some(at_once)
            self.turn(0.1)
            if self.closed:
                raise BenchError(
                    f"{sum(self.closed.values())} sockets were closed while others opened: {self.closed}"
                )
            if time.monotonic() > deadline:
                raise BenchError(
                    f"only {self.ready} of {len(self.connections)} sockets opened in {within:g} s"
                )

    def open_some(self, at_once: int) -> None:
        """Begin handshakes until so many are under way."""
        while self._unopened and len(self.connections) - len(self._unopened) - self.ready < at_once:
            connection = self._unopened.popleft()
            connection.step = partial(self._ask, connection)
            self._connect(connection)

    def fetch(self, path: str, then: Callable[[int, bytes], None]) -> None:
        """GET a path of the same server; `then` gets the status and the body."""
        fetch = Fetch()
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n".encode()

        def ask(_: int) -> None:
            self._check_connected(fetch)
            fetch.sock.send(request)
            fetch.step = receive
            self._poller.modify(fetch.sock.fileno(), READ)

        def receive(_: int) -> None:
            try:
                data = fetch.sock.recv(CHUNK)
            except BlockingIOError:
                return
            if data:
                fetch.received.append(data)
                return
            self._drop(fetch)
            head, _sep, body = b"".join(fetch.received).partition(b"\r\n\r\n")
            then(int(head[9:12] or 0), body)

        fetch.step = ask
        self._connect(fetch)

    def _connect(self, each: Connection | Fetch) -> None:
        each.sock.setblocking(False)
        each.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        each.sock.connect_ex(("127.0.0.1", self.port))
        self._table[each.sock.fileno()] = each
        self._poller.register(each.sock.fileno(), WRITE)

    def _check_connected(self, each: Connection | Fetch) -> None:
        if error := each.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise BenchError(f"no connection to the server: error {error}")

    def _ask(self, connection: Connection, _event: int) -> None:
        self._check_connected(connection)
        path = f"{self.path}?reader=reader-{connection.number:06}"  # as a page that connects anew says
        request = handshake(f"127.0.0.1:{self.port}", path, self.headers[connection.number])
        connection.sock.send(request)
        connection.step = partial(self._hear_answer, connection)
        self._poller.modify(connection.sock.fileno(), READ)

    def _hear_answer(self, connection: Connection, _event: int) -> None:
        try:
            data = connection.sock.recv(CHUNK)
        except OSError:
            data = b""
        connection.received += data
        head, complete, rest = connection.received.partition(b"\r\n\r\n")
        if not data or (complete and not head.startswith(b"HTTP/1.1 101")):
            raise BenchError(
                f"a handshake was refused: {head.partition(bytes((13,)))[0].decode(errors='replace')!r}"
            )
        if not complete:
            return
        connection.open, connection.received = True, b""
        if self.greeting is None:
            self._greeted(connection, b"")
        if rest:
            self._count(connection, self._read(connection, rest))

    def _greeted(self, connection: Connection, payload: bytes) -> None:
        connection.ready = True
        self.ready += 1
        if self.on_ready is not None:
            self.on_ready(connection, payload)

    # Sending and receiving

    def count_from_now(self) -> None:
        """Forget what was delivered; marks from before this moment don't count from now on."""
        self._since = time.monotonic_ns()
        self._known.clear()
        self.latencies = array("q")
        self.doubled = 0
        for connection in self.connections:
            connection.seen.clear()

    def send(self, number: int, payload: bytes) -> bool:
        """Send a message on a socket; False if it is closed or full."""
        connection = self.connections[number]
        frame = client_frame(payload)
        try:
            return connection.open and connection.sock.send(frame) == len(frame)
        except OSError:
            return False

    def turn(self, timeout: float) -> None:
        """Wait for at most `timeout` seconds, then read all that has come."""
        table, known = self._table, self._known
        for descriptor, event in self._poller.poll(timeout * self._to_unit):
            connection = table.get(descriptor)
            if connection is None:  # dropped a moment ago, in this turn
                continue
            if isinstance(connection, Fetch) or not connection.open:
                connection.step(event)
                continue
            try:
                data = connection.sock.recv(CHUNK)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if not data:
                self._close(connection)
                continue
            marks = known.get(data) if not connection.reader.rest else None
            if marks is None:
                marks = self._read(connection, data)
            if marks:
                self._count(connection, marks)

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
        """Receive for so long, or until something is true."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not until():
            self.turn(min(left, 0.05))

    def _count(self, connection: Connection, marks: tuple[int, ...]) -> None:
        now = time.monotonic_ns()
        seen = connection.seen
        for mark in marks:
            if mark in seen:
                self.doubled += 1
            else:
                seen.add(mark)
                self.latencies.append(now - mark)
                self.last_delivery = now

    def _read(self, connection: Connection, data: bytes) -> tuple[int, ...]:
        """Take a chunk apart; it is remembered if it holds whole messages with marks and nothing else."""
        whole = not connection.reader.rest
        found: list[int] = []
        for opcode, payload in connection.reader.read(data):
            marks = find_marks(payload) if opcode == TEXT else NONE
            if marks:
                found += [mark for mark in marks if mark >= self._since]
            else:
                whole = False
                self._take(connection, opcode, payload)
        marks = tuple(found)
        if whole and not connection.reader.rest:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[data] = marks
        return marks

    def _take(self, connection: Connection, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            connection.sock.send(client_frame(payload, PONG))
        elif opcode == CLOSE:
            connection.closed_with = int.from_bytes(payload[:2], "big") if payload else None
        elif not connection.ready and self.greeting is not None and self.greeting in payload:
            self._greeted(connection, payload)
        elif self.on_frame is not None:
            self.on_frame(connection, payload)

    def _close(self, connection: Connection) -> None:
        self.closed[connection.closed_with] += 1
        connection.open = False
        self._drop(connection)

    def _drop(self, each: Connection | Fetch) -> None:
        descriptor = each.sock.fileno()
        if self._table.pop(descriptor, None) is not None:
            self._poller.unregister(descriptor)
        each.sock.close()


def _make_poller() -> tuple[Any, int]:
    """The system's best way to watch many sockets, and its unit of time in a second."""
    if hasattr(select, "epoll"):
        return select.epoll(), 1
    return select.poll(), 1000
