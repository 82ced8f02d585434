"""uvicorn's protocols with what the site adds: a time limit for requests to arrive, and prepared frames."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from realtime.drain import BYE_WITHIN
from realtime.protocol import Close
from realtime.readers.extensions import CONNECTION, PREPARED

TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
REQUEST_PATIENCE = 10.0  # s for the head of a request to arrive; a handshake is one, too
SHUTDOWN_PATIENCE = BYE_WITHIN + 6.0  # s for a socket to be gone when the server stops


class TimedHttpProtocol(HttpToolsProtocol):
    """HTTP whose clients can't hold a connection by sending a request byte by byte.

    What answers for minutes learns that the server stops (CONNECTION).
    """

    _deadline: asyncio.TimerHandle | None = None
    _end_answer: Callable[[], None] | None = None
    _stops = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions: dict[str, Any] = {
            CONNECTION: {"abort": self.transport.abort, "on_shutdown": self.call_on_shutdown}
        }
        self.scope["extensions"] = extensions
        if self._deadline is None:
            self._expect_head()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def call_on_shutdown(self, end_answer: Callable[[], None]) -> None:
        """Have the application end the answer that it is giving when the server stops."""
        if self._stops:
            end_answer()
        self._end_answer = end_answer

    def shutdown(self) -> None:
        self._stops = True
        if self._end_answer is not None:
            self._end_answer()
        super().shutdown()

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(REQUEST_PATIENCE, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class PreparedWebSocketProtocol(WebSocketsSansIOProtocol):
    """WebSocket that takes frames which were prepared once for many sockets (PREPARED)."""

    _say_bye: Callable[[], None] | None = None

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            # The library gave up on the request, over 8 KiB in one line or 128 headers; uvicorn would say
            # nothing and keep the connection.
            self.transport.write(TOO_LARGE)
            self.transport.close()

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

    def write_prepared(self, frame: bytes) -> bool:
        """Put a whole frame on the transport; False, and nothing sent, while that is full or closing."""
        if not self.writable.is_set() or self.close_sent or self.disconnected or self.transport.is_closing():
            return False
        self.transport.write(frame)
        return True

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
