"""One conversation of a fuzzing client with a socket: the bytes that it sends, and the expected answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.realtime.raw import CLOSE, CONTINUED, TEXT, frame

PING, PONG = 9, 10
MASK = b"\x37\xfa\x21\x3d"  # RFC 6455's own example, section 5.7
STAMP = 41  # timestamp of the protocol's pings, which stand for the messages that an echo server would echo

# An event is ("pong", payload) of RFC 6455, ("answer", STAMP) to the protocol's ping, ("refused", reason) of
# an `error` frame, or ("bye", code).
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

    id: Autobahn's number; ours have a letter. steps: bytes, each written by itself; a number means to wait
    until so many events came, or the connection is over. events: those that have to come. codes: the server
    has to close with one of them. or_events: may come instead: Autobahn's "non-strict", where a failure
    overtakes the answer to an earlier message. closes: whether the client ends the conversation with a close
    frame when all events have come.
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
    """A case in which the server answers everything, also the close."""
    return Case(id_, steps, events, closes=True)


def failed(
    id_: str,
    *steps: bytes | int,
    codes: frozenset[int] = VIOLATION,
    events: tuple[Event, ...] = (),
    or_events: tuple[Event, ...] | None = None,
) -> Case:
    """A case in which the server fails the connection."""
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
    """A ping of the protocol: at least `size` bytes of JSON, with `filling` in a field that nobody reads."""
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
