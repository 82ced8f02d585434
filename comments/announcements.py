"""What processes tell each other on the channel layer: every kind of announcement.

Old and new processes share a channel layer while a site is being updated. So a process skips what it can't
read, and ignores fields that it does not know; a field that is added needs a default.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from comments.wire import Person, Subject, Typist

logger = logging.getLogger(__name__)

MOST_VIEWS = 50_000  # page views that one announcement may name
LONGEST_GRACE = 60.0  # s for which another process may have a reader shown who left
MOST_KINDS = 100  # unknown kinds that are told apart

Id = Annotated[str, Meta(max_length=256)]
Number = Annotated[int, Meta(ge=0)]
Views = Annotated[dict[Id, Person | None], Meta(max_length=MOST_VIEWS)]


class Change(msgspec.Struct, frozen=True):
    """A public change of a thread: it has number `seq` and follows number `prev`.

    frame: the JSON text for readers, in UTF-8. author and ref: whose command it answers, if it does. policy:
    the thread's new policy, if that is what changed.
    """

    seq: int
    prev: int
    frame: bytes
    author: str | None = None
    ref: str | None = None
    policy: str | None = None

    @property
    def size(self) -> int:
        """Bytes of its frame."""
        return len(self.frame)


class ThreadChange(msgspec.Struct, frozen=True, kw_only=True, tag="change"):
    """A change of a thread was committed. epoch: the life of the numbering that its number belongs to."""

    thread: int
    epoch: str
    change: Change


class ReactionsChange(msgspec.Struct, frozen=True, kw_only=True, tag="reactions"):
    """Reactions of a thread have changed, up to the number `seq` of its reactions; the database has them."""

    thread: int
    epoch: str
    seq: int


class RightsChange(msgspec.Struct, frozen=True, kw_only=True, tag="rights"):
    """What a user may do has changed. user: the primary key, as text."""

    user: str


class SubjectRevised(msgspec.Struct, frozen=True, kw_only=True, tag="subject"):
    """What is commented on was revised or moved."""

    thread: int
    subject: Subject


class Presence(msgspec.Struct, frozen=True, kw_only=True):
    """One process about its readers of a thread.

    node: the process. incarnation: a random text, new whenever `version`, the number of its last change of
    these readers, starts again.
    """

    thread: int
    node: Id
    incarnation: Id
    version: Number


class PresenceDiff(Presence, frozen=True, kw_only=True, tag="presence.diff"):
    """Page views came, or have another reader now, and page views went.

    gone: ids of people who will not be back, as after a logout.
    """

    came: Views
    went: Annotated[list[Id], Meta(max_length=MOST_VIEWS)]
    gone: Annotated[list[Id], Meta(max_length=MOST_VIEWS)]


class PresenceDigest(Presence, frozen=True, kw_only=True, tag="presence.digest"):
    """A sign of life, with the number of the last change."""


class Departure(msgspec.Struct, frozen=True):
    """The reader of a page view that went, and the seconds for which they are still to be shown."""

    person: Person | None
    left: Annotated[float, Meta(ge=0, le=LONGEST_GRACE)]


class PresenceState(Presence, frozen=True, kw_only=True, tag="presence.state"):
    """All page views of the process, and those that it knows to have gone a moment ago, anywhere."""

    views: Views
    departed: Annotated[dict[Id, Departure], Meta(max_length=MOST_VIEWS)]


class PresenceRequest(Presence, frozen=True, kw_only=True, tag="presence.request"):
    """The process asks for the state of another one, or of all where `to` is None."""

    to: Id | None


class TypingSign(msgspec.Struct, frozen=True, kw_only=True, tag="typing"):
    """Somebody types, or has stopped."""

    thread: int
    node: Id
    typist: Typist
    on: bool


AnyPresence = PresenceDiff | PresenceDigest | PresenceState | PresenceRequest
Announcement = ThreadChange | ReactionsChange | RightsChange | SubjectRevised | AnyPresence | TypingSign


class _Kind(msgspec.Struct):
    type: Id


_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Announcement] = msgspec.msgpack.Decoder(Announcement)
_kind_decoder = msgspec.msgpack.Decoder(_Kind)


def pack(announcement: Announcement) -> dict[str, Any]:
    """The announcement as a message that every channel layer carries."""
    return {"type": "announcement", "data": _encoder.encode(announcement)}


class Unpacker:
    """Reads the messages of a channel layer. Those that it can't read it counts, and logs once a kind."""

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()  # messages by kind

    def unpack(self, message: Mapping[str, Any]) -> Announcement | None:
        """The announcement in a message; None where there is none that this process knows."""
        try:
            return _decoder.decode(message.get("data", b""))
        except (msgspec.DecodeError, TypeError, ValueError, RecursionError) as error:
            self._skip(message, error)
            return None

    def _skip(self, message: Mapping[str, Any], error: Exception) -> None:
        kind = _kind_of(message)
        if kind not in self.skipped and len(self.skipped) >= MOST_KINDS:
            kind = "others"
        self.skipped[kind] += 1
        if self.skipped[kind] == 1:
            logger.warning("announcements of the kind %r are skipped: %s", kind, error)


def _kind_of(message: Mapping[str, Any]) -> str:
    try:
        return _kind_decoder.decode(message.get("data", b"")).type
    except (msgspec.DecodeError, TypeError, ValueError, RecursionError):
        return "unreadable"
