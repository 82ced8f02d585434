"""Carries connections to a server, counts their bytes, and can be cut like a network that is gone."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType

CHUNK = 65_536  # bytes


class Relay:
    """A port of 127.0.0.1 that leads to another one. Use it in a `with` block.

    received: the bytes that the server has sent, on all connections together.
    """

    def __init__(self, target: int) -> None:
        self.received = 0
        self._target = target
        self._is_cut = False
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Relay:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """End all connections, and each new one at once."""
        self._is_cut = True
        for end in list(self._open):
            _shut(end)

    def mend(self) -> None:
        """Carry new connections again."""
        self._is_cut = False

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed at the end
            while True:
                client, _ = self._listener.accept()
                if self._is_cut:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._target))
                self._open |= {client, server}
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        is_answer = source.getpeername()[1] == self._target
        with contextlib.suppress(OSError):  # one of the ends is gone, and so the other one goes
            while data := source.recv(CHUNK):
                self.received += len(data) if is_answer else 0
                sink.sendall(data)
        for end in (source, sink):
            _shut(end)
            self._open.discard(end)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the peer was faster
        end.shutdown(socket.SHUT_RDWR)
