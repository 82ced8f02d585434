"""The socket's frames, version 1: text in, structs out, and back. No I/O.

Frames about comments themselves are in comments.wire. The whole contract, with examples, is docs/protocol.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from comments.errors import CommentError
from comments.shown import Shown
from comments.wire import Comment, Person, Subject, Typist

VERSION = 1
SUBPROTOCOL = "comments.v1"  # offered by clients that take several frames in one JSON array
MAX_FRAME = 65_536  # bytes of one message
HEARTBEAT = 20  # s between a client's pings


class Close(IntEnum):
    """Close codes. 4000-4499: the client reconnects; 4500-4999: it does not, and tells the reader."""

    UNSUPPORTED_DATA = 1003
    INVALID_DATA = 1007
    MESSAGE_TOO_BIG = 1009
    INTERNAL_ERROR = 1011
    GOING_AWAY = 4000
    TOO_SLOW = 4001
    RESET = 4002
    HEARTBEAT_MISSED = 4003
    FLOODING = 4005
    BACKEND_DOWN = 4006
    VERSION_UNKNOWN = 4501
    GONE = 4503
    TOO_MANY_SOCKETS = 4504
    BANNED = 4505
    MALFORMED = 4506


class ClientFrame(msgspec.Struct, frozen=True, kw_only=True):
    """What a client may send. Unknown fields are ignored."""


class Command(ClientFrame, frozen=True, kw_only=True):
    """What is answered with an `ack`, or an `error`, that has the same `ref`."""

    ref: str


class PostMessage(Command, frozen=True, kw_only=True, tag="message"):
    """Write a comment; `ref` is a UUID made by the client, the same on a retry."""

    content: str
    parent: str | None = None


class Edit(Command, frozen=True, kw_only=True, tag="edit"):
    """Give the sender's own comment another text. version: the one that they edited."""

    id: str
    content: str
    version: int


class Delete(Command, frozen=True, kw_only=True, tag="delete"):
    """Delete the sender's own comment."""

    id: str


class Restore(Command, frozen=True, kw_only=True, tag="restore"):
    """Take back that the sender deleted a comment a moment ago."""

    id: str


class React(Command, frozen=True, kw_only=True, tag="react"):
    """React to a comment, or no longer; once more changes nothing."""

    id: str
    emoji: str
    on: bool = True


class Read(Command, frozen=True, kw_only=True, tag="read"):
    """The sender was told of all changes up to `seq`."""

    seq: int


class Verify(Shown, ClientFrame, frozen=True, kw_only=True, tag="verify"):
    """Is this what the database holds?"""


class TypingNow(ClientFrame, frozen=True, kw_only=True, tag="typing"):
    """Its user types, under `parent` if it is a reply."""

    parent: str | None = None
    on: bool = True


class Ping(ClientFrame, frozen=True, kw_only=True, tag="ping"):
    """Are you there?"""

    timestamp: int | float | None = None


class Auth(ClientFrame, frozen=True, kw_only=True, tag="auth"):
    """Who I am, for clients that can set no header."""

    token: str


OwnCommand = Edit | Delete | Restore | React
AnyClientFrame = PostMessage | OwnCommand | Read | TypingNow | Verify | Ping | Auth


class Reader(msgspec.Struct, frozen=True):
    """The person at the other end of the socket."""

    id: str
    name: str
    role: str


class Rights(msgspec.Struct, frozen=True, kw_only=True):
    """What that person may do here. edit: comments of their own. reactions: the emojis that they may use."""

    post: bool
    edit: bool
    reactions: Sequence[str]
    moderate: bool


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """content: characters of a comment. frame: bytes of a message.

    edit: seconds after writing in which a comment is edited. undo: seconds after deleting it.
    """

    content: int
    frame: int = MAX_FRAME
    edit: float
    undo: float


class Welcome(msgspec.Struct, frozen=True, kw_only=True, tag="welcome"):
    """The first frame: numbered frames that follow start after `seq`. subject: what is commented on.

    reaction_seq: the same for the reactions. now: the time by the server's clock.
    """

    epoch: str
    seq: int
    reaction_seq: int
    subject: Subject
    user: Reader | None
    can: Rights
    policy: str
    limits: Limits
    now: datetime
    protocol: int = VERSION
    heartbeat: int = HEARTBEAT


class PresenceNow(msgspec.Struct, frozen=True, kw_only=True, tag="presence"):
    """Who reads: `count` readers, `anonymous` without a name; `members` is at most 50 of the others."""

    count: int
    anonymous: int
    members: Sequence[Person]


class WhoIsTyping(msgspec.Struct, frozen=True, kw_only=True, tag="typing"):
    """Who types: `count` people; `users` is at most 5 of them."""

    users: Sequence[Typist]
    count: int


class Revised(Subject, frozen=True, kw_only=True, tag="subject"):
    """What is commented on was revised or moved: this is what it is now, as in `welcome`."""


class Ack(msgspec.Struct, frozen=True, kw_only=True, tag="ack"):
    """The command named by `ref` is committed. `react` also tells the counts; `read` has `seq` alone."""

    ref: str
    seq: int | None
    id: str | UnsetType = UNSET
    status: str | UnsetType = UNSET
    duplicate: bool | UnsetType = UNSET
    counts: dict[str, int] | UnsetType = UNSET
    reaction_seq: int | UnsetType = UNSET


class Error(msgspec.Struct, frozen=True, kw_only=True, tag="error"):
    """The command failed; the socket stays open. comment: as it is now, where that is why."""

    code: int
    reason: str
    message: str
    ref: str | UnsetType = UNSET
    retry_after: float | UnsetType = UNSET
    comment: Comment | UnsetType = UNSET


class Verified(msgspec.Struct, frozen=True, kw_only=True, tag="verified"):
    """The answer to `verify`, with its `seq`. same: null where that can't be said."""

    seq: int
    same: bool | None


class Pong(msgspec.Struct, frozen=True, kw_only=True, tag="pong"):
    """The answer to a ping, and where the thread stands."""

    timestamp: int | float | None
    epoch: str
    seq: int


class Bye(msgspec.Struct, frozen=True, kw_only=True, tag="bye"):
    """The last frame before the server closes."""

    code: int
    reason: str
    reconnect: bool
    retry_after: float | None = None


class _Ref(msgspec.Struct):
    ref: str | None = None


_decoder: msgspec.json.Decoder[AnyClientFrame] = msgspec.json.Decoder(AnyClientFrame)
_ref_decoder = msgspec.json.Decoder(_Ref)
_encoder = msgspec.json.Encoder()


def decode(text: str) -> AnyClientFrame:
    """The frame that a client sent. Raises CommentError 400: bad_json, bad_type or bad_field."""
    try:
        return _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError) as error:
        raise CommentError(400, "bad_json", "This is not JSON text.") from error


def ref_of(text: str) -> str | None:
    """The `ref` of a frame that could not be decoded otherwise, so that its sender knows which one failed."""
    try:
        ref = _ref_decoder.decode(text).ref
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError):
        return None
    return ref if ref is not None and len(ref) <= 64 else None


def encode(frame: Any) -> bytes:
    """JSON in UTF-8."""
    return _encoder.encode(frame)


def error_frame(error: CommentError, ref: str | None = None) -> Error:
    """The frame that tells a refusal."""
    return Error(
        code=error.code,
        reason=error.reason,
        message=error.message,
        ref=UNSET if ref is None else ref,
        retry_after=UNSET if error.retry_after is None else round(error.retry_after, 1),
        comment=UNSET if error.comment is None else error.comment,
    )


def bye(code: Close, reason: str, retry_after: float | None = None) -> Bye:
    """The frame that announces a close, with what its code means for the client."""
    return Bye(code=code, reason=reason, reconnect=may_reconnect(code), retry_after=retry_after)


def may_reconnect(code: int) -> bool:
    """Whether a client comes back after this close code."""
    return 4000 <= code <= 4499 or code in (1000, 1001, 1005, 1006, 1011, 1012, 1013)


def _refusal(problem: str) -> CommentError:
    if "`$.type`" in problem or "missing required field `type`" in problem:
        return CommentError(400, "bad_type", "There is no such type of frame.")
    if problem.startswith("Expected `object`") and "`$." not in problem:
        return CommentError(400, "bad_json", "A frame is a JSON object.")
    return CommentError(400, "bad_field", f"The frame has a wrong field: {problem}.")
