"""One conversation of a fuzzing client with a socket: what is sent, and what has to come back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.realtime.raw import CLOSE, CONTINUED, TEXT, frame

PING, PONG = 9, 10
MASK = b"\x37\xfa\x21\x3d"  # RFC 6455's own example, section 5.7
STAMP = 41  # of the protocol's ping, which stands for the messages that an echo server would echo

# What is heard: ("pong", payload) of RFC 6455; ("answer", STAMP) to the protocol's ping; ("refused", reason)
# of an `error` frame; ("bye", code).
Event = tuple[str, bytes | int | str]
ANSWER: Event = ("answer", STAMP)
NO_JSON: Event = ("refused", "bad_json")
TEXT_ONLY: Event = ("bye", 1003)

CLEAN = frozenset({1000})
VIOLATION = frozenset({1002})
NO_TEXT = frozenset({1003})
NOT_UTF_8 = frozenset({1007})
TOO_BIG = frozenset({1009})


@dataclass(frozen=True)
class Case:
    """A conversation.

    id: Autobahn's number of it; those with a letter are ours. steps: bytes, each written by itself; a number
    says to go on when so many events were heard, or the connection is over. events: what has to be heard.
    codes: one of which the server has to close with. or_events: what may be heard instead: Autobahn's
    "non-strict", where a failure overtakes the answer to what came before it. closes: whether the client ends
    the conversation with a close frame, when it has heard everything.
    """

    id: str
    steps: Sequence[bytes | int]
    events: tuple[Event, ...] = ()
    codes: frozenset[int] = CLEAN
    or_events: tuple[Event, ...] | None = None
    closes: bool = False

    @property
    def fails(self) -> bool:
        """Whether RFC 6455 has the server fail the connection (section 7.1.7)."""
        return not self.codes & {1000, 1003}


def answered(id_: str, *steps: bytes | int, events: tuple[Event, ...] = (ANSWER,)) -> Case:
    """All is well: the server answers, and answers the close."""
    return Case(id_, steps, events, closes=True)


def failed(
    id_: str,
    *steps: bytes | int,
    codes: frozenset[int] = VIOLATION,
    events: tuple[Event, ...] = (),
    or_events: tuple[Event, ...] | None = None,
) -> Case:
    """The server fails the connection."""
    return Case(id_, steps, events, codes, or_events)


def sent(payload: bytes, *, opcode: int = TEXT, fin: bool = True, rsv: int = 0) -> bytes:
    """A frame as clients have to send it."""
    return frame(payload, opcode=opcode, fin=fin, rsv=rsv, mask=MASK)


def control(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0) -> bytes:
    return sent(payload, opcode=opcode, fin=fin, rsv=rsv)


def close(code: int | None = 1000, reason: bytes = b"") -> bytes:
    return control(CLOSE, b"" if code is None else code.to_bytes(2, "big") + reason)


def chopped(data: bytes, size: int = 1) -> list[bytes]:
    return [data[begin : begin + size] for begin in range(0, len(data), size)]


def ping_of(size: int = 0, filling: bytes = b"") -> bytes:
    """A message that is answered: `size` bytes of JSON at least, `filling` in a field that nobody reads."""
    head, tail = json.dumps({"type": "ping", "timestamp": STAMP, "x": "?"}).encode().split(b"?")
    return head + filling + b"x" * (size - len(head) - len(filling) - len(tail)) + tail


def fragments(payload: bytes, *cuts: int, fin: bool = True) -> list[bytes]:
    """The frames of a text message in pieces that begin at 0 and at the `cuts`."""
    edges = [0, *cuts, len(payload)]
    pieces = [payload[begin:end] for begin, end in pairwise(edges)]
    last = len(pieces) - 1
    return [
        sent(piece, opcode=TEXT if number == 0 else CONTINUED, fin=fin and number == last)
        for number, piece in enumerate(pieces)
    ]
