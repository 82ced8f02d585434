"""What one connection may cost uvicorn: the figures, and a watch over answers that nobody reads."""

from __future__ import annotations

import asyncio
import resource
import socket
import struct
from dataclasses import dataclass

from comments.rates import Rate

CONTROL_FRAMES = Rate(capacity=2_000, per_second=100)
OTHER_FILES = 256  # descriptors kept for databases, Redis, static files and logs
ACKED = struct.Struct("=120xQ")  # tcpi_bytes_acked in Linux's struct tcp_info (RFC 4898)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits of a connection; a subclass of a protocol may have others.

    Times in s, sizes in bytes. head_bytes: of all headers together, and of trailers. line_bytes: of the
    address. body_patience: for a body to begin; then it has to come at body_rate. unread_patience: in which a
    peer has to take unread_bytes of what waits for it. pipelined: requests that may wait for their turn on
    one connection. lingering: how long the rest of what a client says is thrown away, so that it can read why
    it was refused. control_frames: pings, pongs and fragments of one socket.
    """

    head_patience: float = 10.0  # a handshake is a head, too
    head_bytes: int = 32_768
    headers: int = 100
    line_bytes: int = 8_192
    body_patience: float = 10.0
    body_rate: int = 10_000
    unread_patience: float = 10.0
    unread_bytes: int = 20_000
    pipelined: int = 10
    lingering: float = 2.0
    control_frames: Rate = CONTROL_FRAMES


class UnreadWatch:
    """Drops a connection whose peer takes nothing, or next to nothing, of what was written to it.

    Behind the transport the system holds some MB, and takes more only when a good part of that is gone. So
    what counts is what the peer's system acknowledged, where Linux tells, and elsewhere what waits here.
    """

    def __init__(self, transport: asyncio.Transport, limits: Limits) -> None:
        self._transport = transport
        self._limits = limits
        self._timer: asyncio.TimerHandle | None = None
        self._taken = 0

    def begin(self) -> None:
        """Watch for as long as something waits, if anything does."""
        if self._timer is None and self._transport.get_write_buffer_size():
            self._taken = taken_of(self._transport)
            self._timer = asyncio.get_running_loop().call_later(self._limits.unread_patience, self._look)

    def end(self) -> None:
        """The connection is gone, or another's."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        if not self._transport.get_write_buffer_size():
            return
        if taken_of(self._transport) < self._taken + self._limits.unread_bytes:
            self._transport.abort()
        else:
            self.begin()


def taken_of(transport: asyncio.Transport) -> int:
    """How many bytes the peer has taken: a number that means nothing but by how much it grows."""
    connection = transport.get_extra_info("socket")
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, ACKED.size)
        return int(ACKED.unpack(info)[0])
    except (AttributeError, OSError, struct.error):  # another system, or another kind of socket
        return -transport.get_write_buffer_size()


def most_connections() -> int:
    """How many connections a process can hold, and still open a file."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 2**31 if soft == resource.RLIM_INFINITY else max(soft - OTHER_FILES, soft // 2)
