"""What a reader does, whichever way they came: over a socket, a stream, or questions that wait."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from comments.addresses import address_of
from comments.attempts import kind_of
from comments.authors import Author
from comments.conf import rates_are_limited
from comments.credentials import Credentials
from comments.errors import CommentError
from comments.rates import network_of
from realtime import drain, protocol
from realtime.database import log_failure
from realtime.frames import Prepared
from realtime.origin import request_of, shows_cookies
from realtime.protocol import Bye, Close
from realtime.readers.limits import connections, note_refused, strangers
from realtime.readers.places import Place, Way
from realtime.readers.refusals import refusal_of, too_many
from realtime.readers.send_queue import SendQueue
from realtime.readers.turns import run_command_of
from realtime.rooms.hub import get_hub
from realtime.rooms.room import Room

OPENING_PATIENCE = 10.0  # s for the database to say who and what this is about
CLOSING_PATIENCE = 5.0  # s for a slow peer to take its last frames
ANONYMOUS = re.compile(rb"(?:^|&)anonymous=1(?:&|$)")
VIEW = re.compile(rb"(?:^|&)reader=([A-Za-z0-9_-]{8,64})(?:&|$)")

About = tuple[str, str]  # the kind or the collection, and the key, as in the address


def view_of(query_string: bytes) -> str | None:
    """The id that a page gave its view; None where it gave none, or junk."""
    given = VIEW.search(query_string)
    return given[1].decode() if given else None


class Reader:
    """One reader: admitted, identified, in a room, recognised anew, sent away.

    scope: of ASGI. send_queue: the frames for this reader. say_bye: says the last words and ends the
    connection, when everything before them was sent. way: the one that they came.
    `enter` comes first, then `join`, or `close_soon` where entering failed; `depart` comes last, always.
    """

    def __init__(
        self,
        scope: Mapping[str, Any],
        about: About,
        send_queue: SendQueue,
        say_bye: Callable[[Bye], Awaitable[None]],
        way: Way,
    ) -> None:
        request = request_of(scope)
        self.about = about
        self.address = address_of(request)
        self.credentials = Credentials.of_request(request, cookies=shows_cookies(request))
        view = view_of(scope["query_string"])
        self.anonymous = bool(ANONYMOUS.search(scope["query_string"]))
        self.author: Author | None = None
        self.doubt: CommentError | None = None  # why the credentials are nobody's
        self.room: Room | None = None
        self.heard_at = float("inf")  # by the loop's clock; for ever, where a reader sends no frames
        self.send_queue = send_queue
        self.closing: asyncio.Task[None] | None = None
        self.closed = asyncio.Event()  # the last words were said, or the connection was dropped
        self._is_gone = False
        self._say_bye = say_bye
        self._place = Place(network_of(self.address), way, view, self._give_way)
        self._own_view = view or secrets.token_urlsafe(12)
        self._stranger: str | None = None  # the view as which they count while they have no name

    # Coming

    async def enter(self) -> Room:
        """Be admitted and identified, and find the room, without joining it. Raises Refusal."""
        try:
            with connections.coming(self._place.network) as may_come:
                if not may_come:
                    raise too_many()
                async with asyncio.timeout(OPENING_PATIENCE):
                    author, self.doubt = await run_command_of(self.address, self._identify)
                    room = await get_hub().enter(self.about)
            self._take_place(author)
        except Exception as error:  # whatever it is, the reader is told, and a bug is in the log
            refusal = refusal_of(error, f"{self.about} could not be opened")
            if refusal.code is not Close.TOO_MANY_SOCKETS:  # a page that polls is told so all the time
                note_refused(refusal.error, self.address)
            raise refusal from error
        if self.doubt is not None:
            note_refused(self.doubt, self.address)
        self.author, self.room = author, room
        return room

    def join(self) -> None:
        """From now on, get what the room has to say."""
        if self.room is not None and self.closing is None:
            get_hub().join(self.room, self)

    def greeting(self, room: Room, seq: int | None = None) -> list[Prepared]:
        """The first frames. seq: where numbered frames go on, if that is not where the room stands."""
        welcome = room.welcome(self.author)
        if seq is not None:
            welcome = msgspec.structs.replace(welcome, seq=seq)
        doubts = [] if self.doubt is None else [protocol.error_frame(self.doubt)]
        return [Prepared(protocol.encode(frame)) for frame in (welcome, *doubts)]

    # Being there

    @property
    def view(self) -> str:
        """The id of the page view as which the reader counts."""
        is_nameless = self.author is None or self.anonymous
        return self._stranger if is_nameless and self._stranger is not None else self._own_view

    def write(self, frame: Any) -> None:
        """Send a struct of the protocol's to this reader alone."""
        self.send_queue.write(Prepared(protocol.encode(frame)))

    def recognise(self, author: Author | None) -> None:
        """Go on as somebody else, or as nobody: logged out, a new name, new rights."""
        if self.room is None:
            return
        room = self.room
        if not connections.places.recognise(self._place, _key_of(author), kind_of(author)):
            self._give_way()
            return
        self._show_as(author)
        get_hub().identify(room, self, author)
        self.write(room.welcome(author))

    async def authenticate(self, token: str) -> None:
        """Show a token instead of what was shown before. Raises CommentError: 401 bad_token, 403 banned."""
        credentials = Credentials(token=token)
        author = await run_command_of(self.address, credentials.author)
        if self.closing is None:
            self.credentials = credentials
            self.recognise(author)

    # Going

    def close_soon(self, code: Close, reason: str, retry_after: float | None = None) -> None:
        """Send the reader away, without making the caller wait. The first call counts."""
        if self.closing is None and not self._is_gone:
            self._leave(for_good=code == Close.BANNED)
            bye = protocol.bye(code, reason, retry_after)
            closing = self.send_queue.close(lambda: self._say_bye(bye), CLOSING_PATIENCE)
            self.closing = asyncio.get_running_loop().create_task(closing)
            self.closing.add_done_callback(self._note_closed)

    def send_away(self, error: Exception) -> None:
        """Send the reader away for a failure, which is logged where it is the server's own."""
        refusal = refusal_of(error, f"a reader of {self.about} could not be served")
        self.close_soon(refusal.code, refusal.reason, refusal.retry_after)

    def go_away(self) -> None:
        """The process ends: send this reader to another, not all of them at once."""
        later = drain.retry_after(connections.total)
        loop = asyncio.get_running_loop()
        loop.call_later(drain.bye_delay(), self.close_soon, Close.GOING_AWAY, "going_away", later)

    def depart(self) -> None:
        """The connection is gone."""
        self._is_gone = True
        self._leave()
        self.send_queue.discard()
        connections.places.leave(self._place)
        if self._stranger is not None:
            strangers.go(self._place.network, self._stranger, asyncio.get_running_loop().time())
            self._stranger = None

    def _note_closed(self, closing: asyncio.Task[None]) -> None:
        self.closed.set()
        if not closing.cancelled() and isinstance(error := closing.exception(), Exception):
            log_failure("a connection could not be closed", error)

    def _leave(self, *, for_good: bool = False) -> None:
        if self.room is not None:
            get_hub().leave(self.room, self, for_good=for_good)
            self.room = None

    # Who they are, and how many

    def _identify(self) -> tuple[Author | None, CommentError | None]:
        """The author, or why there is none: wrong credentials make nobody, who may read all the same."""
        try:
            return self.credentials.author(), None
        except CommentError as refusal:
            if refusal.reason == "banned":
                raise
            return None, refusal

    def _take_place(self, author: Author | None) -> None:
        """Count the connection. Raises Refusal where there is no place."""
        self._place.person, self._place.by = _key_of(author), kind_of(author)
        if not connections.places.take(self._place, asyncio.get_running_loop().time()):
            raise too_many()
        self._show_as(author)

    def _give_way(self) -> None:
        self.send_away(too_many())

    def _show_as(self, author: Author | None) -> None:
        """See to it that they have a view as which they count."""
        if self._stranger is None and (author is None or self.anonymous) and rates_are_limited():
            now = asyncio.get_running_loop().time()
            self._stranger = strangers.come(self._place.network, self._place.view, now)


def _key_of(author: Author | None) -> str | None:
    return None if author is None else author.key
