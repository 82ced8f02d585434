"""uvicorn's protocols with what the site adds: limits on what a client may cost, and prepared frames."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from comments.rates import TokenBucket
from realtime.drain import BYE_WITHIN
from realtime.protocol import Close
from realtime.readers.extensions import PREPARED
from realtime.uvicorn_http import TimedHttpProtocol
from realtime.uvicorn_limits import Limits, UnreadWatch
from realtime.uvicorn_refusals import LARGE_HEAD

__all__ = ["PreparedWebSocketProtocol", "TimedHttpProtocol"]

SHUTDOWN_PATIENCE = BYE_WITHIN + 6.0  # s for a socket to be gone when the server stops
PIECE = 4_096  # bytes of frames that are read before others have their turn: 700 of the smallest
MOST_UNTAKEN = 1_048_576  # bytes; a server reads 256 KiB at once, and then no more before it has taken them


class PreparedWebSocketProtocol(WebSocketsSansIOProtocol):
    """WebSocket that takes frames which were prepared once for many sockets (PREPARED)."""

    limits = Limits()

    _say_bye: Callable[[], None] | None = None
    _unread: UnreadWatch
    _untaken = b""  # what came, and waits until others had their turn

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._unread = UnreadWatch(transport, self.limits)
        self._control_frames = TokenBucket.full(self.limits.control_frames, self.loop.time())

    def connection_lost(self, exc: Exception | None) -> None:
        self._untaken = b""
        self._unread.end()
        super().connection_lost(exc)

    # What comes

    def data_received(self, data: bytes) -> None:
        was_waiting, self._untaken = bool(self._untaken), self._untaken + data
        if len(self._untaken) > MOST_UNTAKEN:
            self.transport.abort()
        elif not was_waiting:
            self._take()

    def _take(self) -> None:
        """Read a piece of what came, and the next when others had their turn."""
        piece, self._untaken = self._untaken[:PIECE], self._untaken[PIECE:]
        if piece:
            super().data_received(piece)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            # The library gave up on the request, over 8 KiB in one line or 128 headers; uvicorn would say
            # nothing and keep the connection.
            self.transport.write(LARGE_HEAD)
            self.transport.close()
        if not self.transport.is_closing():
            self._go_on()

    def _go_on(self) -> None:
        """Listen on, unless there is enough to read; whoever does not read is not listened to."""
        if self._untaken:
            self.loop.call_soon(self._take)
        if self._untaken or not self.writable.is_set():
            self.transport.pause_reading()
        elif not self.read_paused:
            self.transport.resume_reading()

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):  # else the handshake was refused
            # The application's task starts in the next turn of the loop, so it sees this.
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[PREPARED] = {
                "write": self.write_prepared,
                "abort": self.transport.abort,
                "on_shutdown": self.call_on_shutdown,
            }

    def handle_ping(self) -> None:
        super().handle_ping()
        self._count_control_frame()

    def handle_pong(self, event: Any) -> None:
        super().handle_pong(event)
        self._count_control_frame()

    def handle_cont(self, event: Any) -> None:
        super().handle_cont(event)
        self._count_control_frame()

    def _count_control_frame(self) -> None:
        """Close a socket that sends too many of the frames that no application hears of."""
        if self._control_frames.take(self.loop.time()) and not self.close_sent:
            self.conn.send_close(Close.FLOODING, "too_many_frames")
            self.handle_parser_exception()

    def send_receive_event_to_app(self) -> None:
        """Close on text that is not UTF-8 without the traceback that uvicorn would log."""
        if self.curr_msg_data_type == "text" and not self.close_sent:
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError:
                self.frames = []
                self.conn.send_close(Close.INVALID_DATA)
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()

    # What goes

    def pause_writing(self) -> None:
        super().pause_writing()
        self.transport.pause_reading()
        self._unread.begin()

    def resume_writing(self) -> None:
        super().resume_writing()
        if not self._untaken and not self.read_paused:
            self.transport.resume_reading()

    def write_prepared(self, frame: bytes) -> bool:
        """Put a whole frame on the transport; False, and nothing sent, while that is full or closing."""
        if not self.writable.is_set() or self.close_sent or self.disconnected or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True

    # The end

    def call_on_shutdown(self, say_bye: Callable[[], None]) -> None:
        """Have the application close this socket when the server stops, with a bye of its own."""
        self._say_bye = say_bye

    def shutdown(self) -> None:
        """The server stops: it waits for its connections to be gone, within its limit for a graceful end."""
        if self._say_bye is None or self.close_sent:
            super().shutdown()
        else:
            self._say_bye()
            self.loop.call_later(SHUTDOWN_PATIENCE, self.transport.abort)  # a peer may never answer it
