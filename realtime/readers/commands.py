"""What a client may ask for on its socket: a frame is parsed, one service called, the answer written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from comments import queries
from comments.attempts import check_attempt, kind_of, note_refusal
from comments.conf import rates_are_limited
from comments.errors import CommentError
from comments.rates import TokenBucket
from comments.read_marks import mark_read
from comments.services import Posted, post_comment
from comments.text import MAX_CONTENT, check_content
from comments.verification import verify
from realtime import protocol
from realtime.protocol import (
    Ack,
    Auth,
    Close,
    Command,
    Delete,
    Edit,
    OwnCommand,
    Ping,
    Pong,
    PostMessage,
    React,
    Read,
    Restore,
    TypingNow,
    Verified,
    Verify,
)
from realtime.readers import limits
from realtime.readers.own_commands import change
from realtime.readers.reader import Reader
from realtime.readers.refusals import refusal_of
from realtime.readers.turns import run_command_of
from realtime.rooms.hub import get_hub
from realtime.rooms.room import Room

P = ParamSpec("P")
R = TypeVar("R")

MALFORMED_IN_A_ROW = 5
FLOOD_PATIENCE = 2.0  # s, asked of clients who sent too many frames


class Commands:
    """The frames of one reader. It holds no rule and no query: services decide."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._malformed = 0
        reader.heard_at = asyncio.get_running_loop().time()
        self._frames = TokenBucket.full(limits.FRAMES, reader.heard_at)
        self._typing = TokenBucket.full(limits.TYPING, reader.heard_at)

    async def take(self, text: str | None) -> None:
        """Obey a message of the client's; None for one that is not text."""
        reader = self._reader
        reader.heard_at = asyncio.get_running_loop().time()
        if text is None:
            reader.close_soon(Close.UNSUPPORTED_DATA, "text_only")
        elif len(text) > protocol.MAX_FRAME or len(text.encode(errors="replace")) > protocol.MAX_FRAME:
            reader.close_soon(Close.MESSAGE_TOO_BIG, "too_big")
        elif rates_are_limited() and self._frames.take(reader.heard_at):
            reader.close_soon(Close.FLOODING, "too_many_frames", FLOOD_PATIENCE)
        elif reader.room is not None:
            await self._read(text, reader.room)

    async def _read(self, text: str, room: Room) -> None:
        try:
            frame = protocol.decode(text)
        except CommentError as refusal:
            self._refuse_malformed(text, refusal)
            return
        self._malformed = 0
        try:
            self._check(frame)
            await self._obey(frame, room)
        except Exception as error:  # whatever it is, the client is told, and a bug is in the log
            # Never the frame itself: it may hold a token.
            what = f"{type(frame).__name__} of {self._reader.author} failed on {self._reader.about}"
            answer = error if isinstance(error, CommentError) else refusal_of(error, what).error
            self._refuse(answer, frame.ref if isinstance(frame, Command) else None)

    def _check(self, frame: protocol.AnyClientFrame) -> None:
        """Raise CommentError for what needs no thread to be refused."""
        if not isinstance(frame, Ping | TypingNow):
            check_attempt(self._reader.address, kind_of(self._reader.author))
        if isinstance(frame, PostMessage | Edit) and len(frame.content) <= MAX_CONTENT:
            check_content(frame.content)

    def _refuse_malformed(self, text: str, refusal: CommentError) -> None:
        self._malformed += 1
        self._refuse(refusal, protocol.ref_of(text))
        if self._malformed >= MALFORMED_IN_A_ROW:
            self._reader.close_soon(Close.MALFORMED, "malformed_frames")

    def _refuse(self, error: CommentError, ref: str | None) -> None:
        """Tell a refusal, which counts: who goes on has the socket closed (4005)."""
        if rates_are_limited():
            self._frames.spend(limits.REFUSAL)
            note_refusal(error, self._reader.address, kind_of(self._reader.author))
        self._reader.write(protocol.error_frame(error, ref))

    async def _obey(self, frame: protocol.AnyClientFrame, room: Room) -> None:
        match frame:
            case Ping():
                self._reader.write(Pong(timestamp=frame.timestamp, epoch=room.epoch, seq=room.position))
            case TypingNow():
                self._show_typing(frame, room)
            case PostMessage():
                posted = await self._run(self._post, frame)
                self._reader.write(ack_of(posted, frame.ref))
            case Edit() | Delete() | Restore() | React():
                self._reader.write(await self._run(self._change, frame))
            case Read():
                self._reader.write(await self._run(self._mark_read, frame, room.epoch))
            case Verify():
                self._reader.write(await self._run(self._verify, frame))
            case Auth():
                await self._reader.authenticate(frame.token)

    async def _run(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await run_command_of(self._reader.address, call, *args, **kwargs)

    def _post(self, frame: PostMessage) -> Posted:
        reader = self._reader
        return post_comment(
            author=reader.credentials.author_still(reader.author),
            thread=queries.get_thread_at(*reader.about),
            content=frame.content,
            ref=frame.ref,
            parent=frame.parent,
            address=reader.address,
        )

    def _change(self, frame: OwnCommand) -> Ack:
        reader = self._reader
        author = reader.credentials.author_still(reader.author)
        return change(frame, author, queries.get_thread_at(*reader.about), reader.address)

    def _mark_read(self, frame: Read, epoch: str) -> Ack:
        reader = self._reader
        author = reader.credentials.author_still(reader.author)
        thread = queries.get_thread_at(*reader.about)
        seq = mark_read(author=author, thread=thread, seq=frame.seq, epoch=epoch, address=reader.address)
        return Ack(ref=frame.ref, seq=seq)

    def _verify(self, frame: Verify) -> Verified:
        thread = queries.get_thread_at(*self._reader.about)
        same = verify(thread=thread, shown=frame, address=self._reader.address)
        return Verified(seq=frame.seq, same=same)

    def _show_typing(self, frame: TypingNow, room: Room) -> None:
        reader, author = self._reader, self._reader.author
        if author is None or reader.anonymous:
            return
        if not limits.may_type(self._typing, reader.address, reader.heard_at):
            return
        parent = frame.parent
        if parent is not None and not (parent.isascii() and parent.isdigit() and len(parent) < 20):
            raise CommentError(400, "bad_field", "parent must be the id of a comment.")
        get_hub().show_typing(room, author, parent, frame.on)


def ack_of(posted: Posted, ref: str) -> Ack:
    """The answer to a comment that is committed."""
    comment = posted.comment
    return Ack(
        ref=ref,
        id=str(comment.pk),
        seq=comment.seq,
        status=comment.status,
        duplicate=posted.duplicate,
    )
