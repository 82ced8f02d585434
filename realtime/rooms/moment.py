"""What is true in a room just now and needs no number: who reads and who types."""

from __future__ import annotations

from collections.abc import Callable

from comments.authors import Author
from comments.wire import Person, Typist
from realtime import protocol
from realtime.frames import Prepared
from realtime.presence.presence import Presence
from realtime.presence.typing import Typing
from realtime.protocol import PresenceNow, WhoIsTyping

PRESENCE_EVERY = 1.0  # s between two presence frames, at the least
TYPING_EVERY = 0.5  # s between two typing frames, at the least
NOBODY_TYPES = WhoIsTyping(users=[], count=0)  # what a page shows before it is told anything

Frame = PresenceNow | WhoIsTyping


class Picture:
    """The last picture of the moment that went out: it is drawn again on change, and not too often.

    draw: makes the picture as it is now.
    """

    def __init__(self, draw: Callable[[], Frame], every: float, frame: Frame | None = None) -> None:
        self.frame = frame
        self._draw = draw
        self._every = every
        self._drawn_at = float("-inf")

    def redraw(self, now: float) -> tuple[Prepared | None, bool]:
        """The frame to send now, if there is one, and whether it is too early to say: then ask again."""
        if now - self._drawn_at < self._every:
            return None, True
        frame = self._draw()
        if frame == self.frame:
            return None, False
        self.frame, self._drawn_at = frame, now
        return Prepared(protocol.encode(frame), fleeting=True), False


class Moment:
    """The presence and the typing of a room, and the pictures of them that its readers have."""

    def __init__(self, presence: Presence) -> None:
        self.presence = presence
        self.typing = Typing()
        self._pictures = (
            Picture(self.presence.snapshot, PRESENCE_EVERY),
            Picture(self.typing.snapshot, TYPING_EVERY, NOBODY_TYPES),
        )

    def show(self, now: float) -> tuple[list[Prepared], bool]:
        """The frames to send to every reader now, and whether to ask again soon."""
        self.typing.expire(now)
        drawn = [picture.redraw(now) for picture in self._pictures]
        again = any(early for _, early in drawn) or self.typing.snapshot().count > 0  # who types falls silent
        return [frame for frame, _ in drawn if frame is not None], again

    def for_newcomer(self) -> list[Prepared]:
        """The pictures that the other readers have."""
        frames = [picture.frame for picture in self._pictures]
        return [
            Prepared(protocol.encode(frame), fleeting=True)
            for frame in frames
            if frame not in (None, NOBODY_TYPES)
        ]


def person(author: Author | None) -> Person | None:
    """The reader as presence knows them."""
    return None if author is None else Person(author.key, author.name)


def typist(author: Author, parent: str | None = None) -> Typist:
    """The author as typing knows them."""
    return Typist(author.key, author.name, parent)
