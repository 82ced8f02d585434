"""HTTP for uvicorn, with limits on what a connection may cost before an application hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from realtime.readers.extensions import CONNECTION
from realtime.uvicorn_limits import Limits, UnreadWatch, most_connections
from realtime.uvicorn_refusals import BAD_REQUEST, LARGE_HEAD, LONG_ADDRESS, TOO_LATE, Refused


class TimedHttpProtocol(HttpToolsProtocol):
    """HTTP whose clients can't hold a connection by sending slowly or without end, or by not reading.

    What answers for minutes learns that the server stops (CONNECTION).
    """

    limits = Limits()

    _unread: UnreadWatch
    _deadline: asyncio.TimerHandle | None = None
    _end_answer: Callable[[], None] | None = None
    _stops = False
    _refused = False  # the client was told to go, and what it still says is thrown away
    _refusal = BAD_REQUEST
    _at_work: Any = None  # uvicorn's cycle of the request that is being answered, or was last
    _part: str | None = None  # of a request that has begun: "head" or "body"
    _headers = _head_bytes = _body_bytes = 0
    _body_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._unread = UnreadWatch(transport, self.limits)
        self._expect_head()
        if len(self.connections) > most_connections():
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._unread.end()
        self.pipeline.clear()
        super().connection_lost(exc)
        # uvicorn tells the last of several requests only, and the first would be answered for ever.
        self._let_go()

    # What comes

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        # An empty line is no request, and must not keep an idle connection open.
        idle_until, self.timeout_keep_alive_task = self.timeout_keep_alive_task, None
        part, body_bytes = self._part, self._body_bytes
        super().data_received(data)
        if idle_until is not None and self.is_idle:
            self.timeout_keep_alive_task = idle_until
        elif idle_until is not None:
            idle_until.cancel()
        if part is not None and self._part == part and self._body_bytes == body_bytes:
            self._count_head(len(data))

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked and nothing is answered."""
        return self._part is None and (self._at_work is None or self._at_work.response_complete)

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= self.limits.pipelined:
            self.transport.abort()
            raise Refused
        super().on_message_begin()
        self._part = "head"
        self._headers = self._head_bytes = self._body_bytes = 0
        extensions: dict[str, Any] = {
            CONNECTION: {"abort": self.transport.abort, "on_shutdown": self.call_on_shutdown}
        }
        self.scope["extensions"] = extensions
        if self._deadline is None:
            self._expect_head()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.limits.line_bytes:
            self._refusal = LONG_ADDRESS
            raise Refused

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers += 1
        self._head_bytes += len(name) + len(value) + 4
        if self._headers > self.limits.headers or self._head_bytes > self.limits.head_bytes:
            self._refusal = LARGE_HEAD
            raise Refused
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        self._part, self._head_bytes = "body", 0
        super().on_headers_complete()
        self._expect_body()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop_waiting()
        self._part = None
        super().on_message_complete()

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self._at_work = cycle
        super()._start_asgi_task(cycle, app)

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        self._part = None
        self._refused = True  # another protocol has the connection from here on
        super().handle_websocket_upgrade()

    def _count_head(self, size: int) -> None:
        """Count what belongs to no body: the parser keeps a header, and a trailer, until its end has come."""
        self._head_bytes += size
        if self._head_bytes > self.limits.head_bytes:
            self._refuse(LARGE_HEAD)

    # How long that may take

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(self.limits.head_patience, self.transport.close)

    def _expect_body(self) -> None:
        self._body_since, self._body_bytes = self.loop.time(), 0
        self._deadline = self.loop.call_later(self.limits.body_patience, self._look_at_body)

    def _look_at_body(self) -> None:
        due = self._body_since + self.limits.body_patience + self._body_bytes / self.limits.body_rate
        if self.flow.read_paused:  # the application has not asked for more
            self._expect_body()
        elif due > self.loop.time():
            self._deadline = self.loop.call_at(due, self._look_at_body)
        else:
            self._refuse(TOO_LATE)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    # What goes

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread.begin()

    def on_response_complete(self) -> None:
        has_enough = not self.pipeline and self.cycle.more_body  # whoever answered does not want the rest
        super().on_response_complete()
        self._unread.begin()  # a connection that is being closed keeps what waits, too
        if has_enough and not self.transport.is_closing():
            self._linger()

    # The end

    def send_400_response(self, msg: str) -> None:
        """The parser gave up, or a limit made it."""
        if not self.transport.is_closing():
            self._refuse(self._refusal)

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

    def _refuse(self, answer: bytes) -> None:
        """Answer in the application's stead, where it has not begun to, and close."""
        at_work = self._at_work
        if at_work is not None and not at_work.response_complete:
            if self.pipeline or at_work.response_started or not at_work.more_body:
                self.transport.abort()
                return
            self._let_go()
        self.transport.write(answer)
        self._linger()

    def _let_go(self) -> None:
        """Tell the application that nobody waits for its answer."""
        if self._at_work is not None and not self._at_work.response_complete:
            self._at_work.disconnected = True
            self._at_work.message_event.set()

    def _linger(self) -> None:
        """Close, but not before the client could read the answer: closing at once would take it away."""
        self._refused = True
        self._stop_waiting()
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._deadline = self.loop.call_later(self.limits.lingering, self.transport.close)
