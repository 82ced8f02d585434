"""Framing, pings, reserved bits, opcodes, fragments: sections 1 to 5 and 10 of Autobahn's list.

Where Autobahn sends any text and expects its echo, the text here is the protocol's ping, padded to the size
of the case, and the answer is its pong. An empty text is no JSON, and the error about it is an answer, too.
"""

from tests.realtime.raw import BINARY, CONTINUED, TEXT, frame
from tests.rfc6455.case import (
    ANSWER,
    CLEAN,
    NO_JSON,
    NO_TEXT,
    PING,
    PONG,
    TEXT_ONLY,
    TOO_BIG,
    Case,
    answered,
    chopped,
    control,
    failed,
    fragments,
    ping_of,
    sent,
)

LARGEST = 65_536  # bytes of a message
CHOP = 997  # bytes
MESSAGE = sent(ping_of())
SIZES = {2: 125, 3: 126, 4: 127, 5: 128, 6: 65_535, 7: 65_536}
BYTES = b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"
NOTHING = sent(b"", opcode=BINARY)
IN_TWO_BYTES = b"\x81\xfe\x00\x02\0\0\0\0{}"  # a length of 2 that one byte could hold
IN_EIGHT_BYTES = b"\x81\xff" + (2).to_bytes(8, "big") + b"\0\0\0\0{}"


def binary(id_: str, *steps: bytes) -> Case:
    """A case of a binary message, which this protocol does not have."""
    return Case(id_, steps, (TEXT_ONLY,), NO_TEXT)


FRAMING = [
    answered("1.1.1", sent(b""), events=(NO_JSON,)),
    *[answered(f"1.1.{number}", sent(ping_of(size))) for number, size in SIZES.items()],
    answered("1.1.8", *chopped(sent(ping_of(LARGEST)), CHOP)),
    binary("1.2.1", NOTHING),
    *[binary(f"1.2.{number}", sent(b"\xfe" * size, opcode=BINARY)) for number, size in SIZES.items()],
    binary("1.2.8", *chopped(sent(b"\xfe" * LARGEST, opcode=BINARY), CHOP)),
    failed("1.a", sent(ping_of(LARGEST + 1)), codes=TOO_BIG),
    failed("1.b", sent(b"\xfe" * (LARGEST + 1), opcode=BINARY), codes=TOO_BIG),
    failed("1.j", sent("€".encode() * 30_000), codes=TOO_BIG),  # in bytes, not in letters
    failed("1.c", *fragments(ping_of(LARGEST + 1), 40_000), codes=TOO_BIG),
    # Section 5.2: the length has to be said in as few bytes as it can be, and its first bit is 0.
    failed("1.d", IN_TWO_BYTES),
    failed("1.e", IN_EIGHT_BYTES),
    failed("1.f", b"\x81\xff" + b"\xff" * 8 + b"\0\0\0\0{}", codes=frozenset({1002, 1009})),
    # Section 5.1: a server closes on a frame that is not masked.
    failed("1.g", b"\x81\x02{}"),
    failed("1.h", b"\x89\x00"),
    answered("1.i", frame(ping_of(), mask=b"\x01\xff\x00\x80")),
]

PINGS = [
    answered("2.1", control(PING), events=(("pong", b""),)),
    answered("2.2", control(PING, b"Hello, world!"), events=(("pong", b"Hello, world!"),)),
    answered("2.3", control(PING, BYTES), events=(("pong", BYTES),)),
    answered("2.4", control(PING, b"\xfe" * 125), events=(("pong", b"\xfe" * 125),)),
    failed("2.5", control(PING, b"\xfe" * 126)),
    answered("2.6", *chopped(control(PING, b"\xfe" * 125)), events=(("pong", b"\xfe" * 125),)),
    answered("2.7", control(PONG), events=()),
    answered("2.8", control(PONG, b"unasked"), events=()),
    answered("2.9", control(PONG, b"unasked"), control(PING, b"asked"), events=(("pong", b"asked"),)),
    answered(
        "2.10",
        b"".join(control(PING, b"%d" % number) for number in range(10)),
        events=tuple(("pong", b"%d" % number) for number in range(10)),
    ),
    answered(
        "2.11",
        *chopped(b"".join(control(PING, b"%d" % number) for number in range(10))),
        events=tuple(("pong", b"%d" % number) for number in range(10)),
    ),
]


def broken_after_a_message(id_: str, broken: bytes, *, chop: int | None = None) -> Case:
    """A case of a message, broken bytes, and a ping that must not be answered any more."""
    data = MESSAGE + broken + control(PING)
    return failed(id_, *(chopped(data, chop) if chop else [data]), events=(ANSWER,), or_events=())


RESERVED_BITS = [
    failed("3.1", sent(ping_of(), rsv=1)),
    broken_after_a_message("3.2", sent(ping_of(), rsv=2)),
    failed("3.3", MESSAGE, sent(ping_of(), rsv=3), control(PING), events=(ANSWER,), or_events=()),
    broken_after_a_message("3.4", sent(ping_of(), rsv=4), chop=1),  # the bit of compression, which is off
    failed("3.5", sent(BYTES, opcode=BINARY, rsv=5)),
    failed("3.6", control(PING, b"Hello, world!", rsv=6)),
    failed("3.7", control(8, rsv=7)),
]


def opcodes(section: str, first: int) -> list[Case]:
    """Cases of the five opcodes from `first` on, which mean nothing."""
    return [
        failed(f"{section}.1", control(first)),
        failed(f"{section}.2", control(first + 1, b"payload")),
        broken_after_a_message(f"{section}.3", control(first + 2)),
        broken_after_a_message(f"{section}.4", control(first + 3, b"payload")),
        broken_after_a_message(f"{section}.5", control(first + 4, b"payload"), chop=1),
    ]


OPCODES = opcodes("4.1", 3) + opcodes("4.2", 11)

HALVES = fragments(ping_of(), 9)
PINGED = [HALVES[0], control(PING, b"within"), HALVES[1]]
WITHIN = (("pong", b"within"), ANSWER)
NOTHING_TO_CONTINUE = sent(b"no continuation", opcode=CONTINUED)
NOTHING_TO_CONTINUE_YET = sent(b"no continuation", opcode=CONTINUED, fin=False)
FIFTHS = fragments(ping_of(), 5, 10, 15, 20)
PINGS_WITHIN = (("pong", b"1"), ("pong", b"2"), ANSWER)

FRAGMENTS = [
    failed("5.1", control(PING, b"1", fin=False), sent(b"2", opcode=CONTINUED)),
    failed("5.2", control(PONG, b"1", fin=False), sent(b"2", opcode=CONTINUED)),
    answered("5.3", b"".join(HALVES)),
    answered("5.4", *HALVES),
    answered("5.5", *chopped(b"".join(HALVES))),
    answered("5.6", b"".join(PINGED), events=WITHIN),
    answered("5.7", *PINGED, events=WITHIN),
    answered("5.8", *chopped(b"".join(PINGED)), events=WITHIN),
    failed("5.9", NOTHING_TO_CONTINUE + MESSAGE),
    failed("5.10", NOTHING_TO_CONTINUE, MESSAGE),
    failed("5.11", *chopped(NOTHING_TO_CONTINUE + MESSAGE)),
    failed("5.12", NOTHING_TO_CONTINUE_YET + MESSAGE),
    failed("5.13", NOTHING_TO_CONTINUE_YET, MESSAGE),
    failed("5.14", *chopped(NOTHING_TO_CONTINUE_YET + MESSAGE)),
    failed(
        "5.15", b"".join(HALVES) + NOTHING_TO_CONTINUE_YET + MESSAGE, events=(ANSWER,), or_events=()
    ),
    failed("5.16", (NOTHING_TO_CONTINUE_YET + b"".join(HALVES)) * 2),
    failed("5.17", (NOTHING_TO_CONTINUE + b"".join(HALVES)) * 2),
    failed("5.18", sent(b"{", fin=False) + sent(b"}")),
    # The first ping is answered before the message is complete.
    answered(
        "5.19",
        b"".join(FIFTHS[:2]) + control(PING, b"1"),
        1,
        b"".join(FIFTHS[2:4]) + control(PING, b"2") + FIFTHS[4],
        events=PINGS_WITHIN,
    ),
    answered(
        "5.20", *FIFTHS[:2], control(PING, b"1"), 1, *FIFTHS[2:4], control(PING, b"2"), FIFTHS[4],
        events=PINGS_WITHIN,
    ),
]  # fmt: skip

MISC = [
    answered("10.1.1", *fragments(ping_of(LARGEST), *range(1300, LARGEST, 1300))),
    Case("10.a", [sent(b"{", opcode=BINARY, fin=False), sent(b"}", opcode=CONTINUED)], (TEXT_ONLY,), NO_TEXT),
    Case("10.b", [MESSAGE * 20], (ANSWER,) * 20, CLEAN, closes=True),
    failed("10.c", sent(b"{", opcode=TEXT, fin=False), sent(b"}", opcode=BINARY)),
]
