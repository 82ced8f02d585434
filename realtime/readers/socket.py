"""The socket of one reader of one article: parses a frame, calls one service, answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import InterfaceError, OperationalError

from comments import queries
from comments.authors import Author
from comments.conf import rates_are_limited
from comments.errors import BUSY, CommentError
from comments.rates import TokenBucket
from comments.services import Posted, post_comment
from realtime import drain, protocol
from realtime.database import run_command
from realtime.frames import Prepared
from realtime.protocol import (
    Ack,
    Auth,
    Close,
    Ping,
    Pong,
    PostMessage,
    TypingNow,
)
from realtime.readers import limits
from realtime.readers.identity import Credentials
from realtime.readers.limits import socket_count
from realtime.readers.replies import view_of
from realtime.readers.send_queue import PREPARED, Outbox
from realtime.readers.window import Window
from realtime.rooms.hub import get_hub
from realtime.rooms.room import Room

logger = logging.getLogger(__name__)

MALFORMED_IN_A_ROW = 5
OPENING_PATIENCE = 10.0  # s for the database to say who and what this is about
CLOSING_PATIENCE = 5.0  # s for a slow peer to take its last frames
RETRY_AFTER = 2.0  # s, asked of clients while something here is out of reach
UNEXPECTED = CommentError(500, "internal", "Something went wrong here. It has been noted.")


class ArticleConsumer(AsyncWebsocketConsumer):
    """`/ws/<kind>/<key>/`.

    It holds no rule, no query and no group: services decide, the hub delivers. Having no channel of its own,
    it runs its events itself: Channels' dispatch costs two task switches and a visit to a thread a frame.
    """

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        self.address: str = scope["client"][0] if scope.get("client") else "unknown"
        self.credentials = Credentials.of_handshake(scope)
        self.view = view_of(scope["query_string"])
        self.author: Author | None = None
        self.room: Room | None = None
        self.closing: asyncio.Task[None] | None = None
        self.heard_at = asyncio.get_running_loop().time()
        self.malformed = 0
        self.counted_as: str | None = None
        admitted = socket_count.admit(self.address)
        try:
            await self._open(admitted)
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            self._leave()
            self.send_queue.discard()
            if admitted:
                socket_count.release(self.address)

    async def dispatch(self, message: Mapping[str, Any]) -> None:
        match message["type"]:
            case "websocket.receive" if self.closing is None:
                await self._receive(message)
            case "websocket.disconnect":
                raise StopConsumer

    def close_soon(self, code: Close, reason: str, retry_after: float | None = None) -> None:
        """Say bye and close, without making the caller wait. The first call counts."""
        if self.closing is None:
            self._leave(for_good=code == Close.BANNED)
            last = Prepared(protocol.encode(protocol.bye(code, reason, retry_after)))
            closing = self.send_queue.close(last, code, reason, CLOSING_PATIENCE)
            self.closing = asyncio.get_running_loop().create_task(closing)

    def recognise(self, author: Author | None) -> None:
        """Go on as somebody else, or as nobody: logged out, a new name, new rights."""
        if self.room is None or not self._count_as(author):
            return
        get_hub().identify(self.room, self, author)
        self._write(self.room.welcome(author))

    def go_away(self) -> None:
        """The process ends: send this reader to another, not all of them at once."""
        later = drain.retry_after(socket_count.total)
        loop = asyncio.get_running_loop()
        loop.call_later(drain.bye_delay(), self.close_soon, Close.GOING_AWAY, "going_away", later)

    # Opening

    async def _open(self, admitted: bool) -> None:
        offered = self.scope.get("subprotocols") or []
        batches = protocol.SUBPROTOCOL in offered
        self.frames = TokenBucket.full(limits.FRAMES, self.heard_at)
        self.typing = TokenBucket.full(limits.TYPING, self.heard_at)
        extension = (self.scope.get("extensions") or {}).get(PREPARED)
        if extension is not None:
            extension["on_shutdown"](self.go_away)
        self.window = None if extension is not None else Window()
        self.send_queue = Outbox(
            self.base_send,
            extension,
            batches=batches,
            on_overflow=lambda: self.close_soon(Close.TOO_SLOW, "too_slow"),
            window=self.window,
        )
        await self.accept(subprotocol=protocol.SUBPROTOCOL if batches else None)
        if offered and not batches:
            self.close_soon(Close.VERSION_UNKNOWN, "protocol_version")
        elif not admitted:
            self.close_soon(Close.TOO_MANY_SOCKETS, "too_many_sockets")
        else:
            await self._enter()

    async def _enter(self) -> None:
        """Find out who reads what, and join the room."""
        try:
            async with asyncio.timeout(OPENING_PATIENCE):
                room = await get_hub().enter(self._about)
                author, refusal = await run_command(self._identify)
        except CommentError:
            self.close_soon(Close.GONE, "gone")
        except (OperationalError, InterfaceError, TimeoutError) as error:
            logger.warning("a socket could not be opened: %r", error)
            self.close_soon(Close.BACKEND_DOWN, "backend_down", RETRY_AFTER)
        except Exception:
            logger.exception("a socket could not be opened: %s", self.scope["path"])
            self.close_soon(Close.INTERNAL_ERROR, "internal")
        else:
            if not self._count_as(author):
                return
            self.author = author
            self._write(room.welcome(self.author))
            if refusal is not None:
                self._write(protocol.error_frame(refusal))
            self.room = room
            get_hub().join(room, self)

    def _identify(self) -> tuple[Author | None, CommentError | None]:
        try:
            return self.credentials.author(), None
        except CommentError as refusal:
            return None, refusal

    @property
    def _about(self) -> tuple[str, str]:
        address = self.scope["url_route"]["kwargs"]
        return address.get("kind", ""), address.get("key", "")

    def _count_as(self, author: Author | None) -> bool:
        """Count the socket as this person's; closes it where there are too many."""
        self._uncount()
        if author is None:
            return True
        if not socket_count.admit_person(author.key):
            self.close_soon(Close.TOO_MANY_SOCKETS, "too_many_sockets")
            return False
        self.counted_as = author.key
        return True

    def _uncount(self) -> None:
        if self.counted_as is not None:
            socket_count.release_person(self.counted_as)
            self.counted_as = None

    def _leave(self, *, for_good: bool = False) -> None:
        self._uncount()
        if self.room is not None:
            get_hub().leave(self.room, self, for_good=for_good)
            self.room = None

    # Frames

    async def _receive(self, message: Mapping[str, Any]) -> None:
        self.heard_at = asyncio.get_running_loop().time()
        text = message.get("text")
        if text is None:
            self.close_soon(Close.UNSUPPORTED_DATA, "text_only")
        elif len(text) > protocol.MAX_FRAME or len(text.encode(errors="replace")) > protocol.MAX_FRAME:
            self.close_soon(Close.MESSAGE_TOO_BIG, "too_big")
        elif rates_are_limited() and self.frames.take(self.heard_at):
            self.close_soon(Close.FLOODING, "too_many_frames", RETRY_AFTER)
        elif self.room is not None:
            await self._read(text, self.room)

    async def _read(self, text: str, room: Room) -> None:
        try:
            frame = protocol.decode(text)
        except CommentError as refusal:
            self.malformed += 1
            self._write(protocol.error_frame(refusal, protocol.ref_of(text)))
            if self.malformed >= MALFORMED_IN_A_ROW:
                self.close_soon(Close.MALFORMED, "malformed_frames")
            return
        self.malformed = 0
        ref = frame.ref if isinstance(frame, PostMessage) else None
        try:
            await self._obey(frame, room)
        except CommentError as refusal:
            self._write(protocol.error_frame(refusal, ref))
        except (OperationalError, InterfaceError) as error:
            logger.warning("the database did not take it: %r", error)
            self._write(protocol.error_frame(BUSY, ref))
        except Exception:
            kind = type(frame).__name__  # never the frame itself: it may hold a token
            logger.exception("%s of %s failed on %s", kind, self.author, self.scope["path"])
            self._write(protocol.error_frame(UNEXPECTED, ref))

    async def _obey(self, frame: protocol.AnyClientFrame, room: Room) -> None:
        match frame:
            case Ping():
                if self.window is not None:
                    self.window.pinged(frame.received)
                self._write(Pong(timestamp=frame.timestamp, epoch=room.epoch, seq=room.position))
            case TypingNow():
                self._show_typing(frame, room)
            case PostMessage():
                self._acknowledge(frame, await run_command(self._post, frame))
            case Auth():
                await self._authenticate(frame.token)

    def _post(self, frame: PostMessage) -> Posted:
        author = self.credentials.author_still(self.author)
        return post_comment(
            author=author,
            thread=queries.get_thread_at(*self._about),
            content=frame.content,
            ref=frame.ref,
            parent=frame.parent,
            address=self.address,
        )

    def _acknowledge(self, frame: PostMessage, posted: Posted) -> None:
        comment = posted.comment
        self._write(
            Ack(
                ref=frame.ref,
                id=str(comment.pk),
                seq=comment.seq,
                status=comment.status,
                duplicate=posted.duplicate,
            )
        )

    def _show_typing(self, frame: TypingNow, room: Room) -> None:
        if self.author is None or (rates_are_limited() and self.typing.take(self.heard_at)):
            return
        parent = frame.parent
        if parent is not None and not (parent.isascii() and parent.isdigit() and len(parent) < 20):
            raise CommentError(400, "bad_field", "parent must be the id of a comment.")
        get_hub().show_typing(room, self.author, parent, frame.on)

    async def _authenticate(self, token: str) -> None:
        credentials = Credentials(token=token)
        author = await run_command(credentials.author)
        if self.closing is None:
            self.credentials = credentials
            self.recognise(author)

    def _write(self, frame: Any) -> None:
        self.send_queue.write(Prepared(protocol.encode(frame)))
