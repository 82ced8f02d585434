"""UTF-8: section 6 of Autobahn's list, whose sequences are those of Markus Kuhn's decoder test."""

from itertools import pairwise

from tests.realtime.raw import CONTINUED
from tests.rfc6455.case import (
    ANSWER,
    NO_JSON,
    NOT_UTF_8,
    PING,
    Case,
    answered,
    control,
    failed,
    fragments,
    ping_of,
    sent,
)

KOSME = "\u03ba\u1f79\u03c3\u03bc\u03b5".encode()  # kappa, omicron with oxia, sigma, mu, epsilon
UMLAUTS = "Hello-µ@ßöäüàá-UTF-8!!".encode()

VALID = {
    5: [
        b"hello$world", b"hello\xc2\xa2world", b"hello\xe2\x82\xacworld", b"hello\xf0\xa4\xad\xa2world",
        KOSME,
    ],
    7: [b"\x00", b"\xc2\x80", b"\xe0\xa0\x80", b"\xf0\x90\x80\x80"],
    9: [b"\x7f", b"\xdf\xbf", b"\xef\xbf\xbf", b"\xf4\x8f\xbf\xbf"],
    11: [b"\xed\x9f\xbf", b"\xee\x80\x80", b"\xef\xbf\xbd", b"\xf4\x8f\xbf\xbf"],
    # The code points at the end of each plane, which are no characters.
    22: [chr(plane << 16 | last).encode() for plane in range(17) for last in (0xFFFE, 0xFFFF)],
    23: [chr(special).encode() for special in range(0xFFF9, 0x10000)],
}  # fmt: skip


def lonely(first: int, last: int) -> bytes:
    """Bytes that each begin a sequence, each followed by a space."""
    return b"".join(bytes((byte, 0x20)) for byte in range(first, last))


CUT_SHORT = [
    b"\xc0", b"\xe0\x80", b"\xf0\x80\x80", b"\xf8\x80\x80\x80", b"\xfc\x80\x80\x80\x80",
    b"\xdf", b"\xef\xbf", b"\xf7\xbf\xbf", b"\xfb\xbf\xbf\xbf", b"\xfd\xbf\xbf\xbf\xbf",
]  # fmt: skip
HIGH, LOW = (0xD800, 0xDB7F, 0xDB80, 0xDBFF), (0xDC00, 0xDFFF)


def surrogate(*codes: int) -> bytes:
    return "".join(map(chr, codes)).encode("utf-8", "surrogatepass")


INVALID = {
    8: [b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80"],
    10: [b"\xf7\xbf\xbf\xbf", b"\xfb\xbf\xbf\xbf\xbf", b"\xfd\xbf\xbf\xbf\xbf\xbf"],
    12: [b"\x80", b"\xbf", *[(b"\x80\xbf" * 3)[:size] for size in range(2, 7)], bytes(range(0x80, 0xBF))],
    13: [lonely(*pair) for pair in ((0xC0, 0xDF), (0xE0, 0xEF), (0xF0, 0xF7), (0xF8, 0xFB), (0xFC, 0xFD))],
    14: CUT_SHORT,
    15: [b"".join(CUT_SHORT)],
    16: [b"\xfe", b"\xff", b"\xfe\xfe\xff\xff"],
    17: [
        b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf",
        b"\xf8\x80\x80\x80\xaf", b"\xfc\x80\x80\x80\x80\xaf",
    ],
    18: [
        b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf",
        b"\xf8\x87\xbf\xbf\xbf", b"\xfc\x83\xbf\xbf\xbf\xbf",
    ],
    19: [
        b"\xc0\x80", b"\xe0\x80\x80", b"\xf0\x80\x80\x80",
        b"\xf8\x80\x80\x80\x80", b"\xfc\x80\x80\x80\x80\x80",
    ],
    20: [surrogate(code) for code in (0xD800, 0xDB7F, 0xDB80, 0xDBFF, 0xDC00, 0xDF80, 0xDFFF)],
    21: [surrogate(high, low) for high in HIGH for low in LOW],
}  # fmt: skip

# Those of KOSME's eleven prefixes that end where a letter ends.
WHOLE_LETTERS = {2, 5, 7, 9, 11}
OUT_OF_RANGE = b"\xf4\x90\x80\x80"  # what would be the first code point behind the last


def valid(id_: str, text: bytes) -> Case:
    # JSON demands that a NUL is escaped, so the frame is read, and refused with an error.
    return answered(id_, sent(ping_of(filling=text)), events=(NO_JSON if b"\x00" in text else ANSWER,))


def invalid(id_: str, text: bytes) -> Case:
    return failed(id_, sent(text), codes=NOT_UTF_8)


EVERY_BYTE = range(1, len(ping_of(filling=UMLAUTS)))
EDITED = KOSME + b"\xed\xa0\x80" + b"edited"
BEFORE, AT, AFTER = KOSME, OUT_OF_RANGE, b"edited"


def pinged(id_: str, first: bytes, second: bytes, third: bytes) -> Case:
    """A case of three fragments of which the second is wrong; pings show when the server noticed.

    That is at best at once, and at the latest when the message is complete.
    """
    return failed(
        id_,
        sent(first, fin=False) + control(PING, b"1"),
        1,
        sent(second, opcode=CONTINUED, fin=False) + control(PING, b"2"),
        2,
        sent(third, opcode=CONTINUED),
        codes=NOT_UTF_8,
        events=(("pong", b"1"),),
        or_events=(("pong", b"1"), ("pong", b"2")),
    )


def in_chops(id_: str, *pieces: bytes) -> Case:
    """A case of one frame that is written in pieces."""
    head = len(sent(b"".join(pieces))) - len(b"".join(pieces))
    data, cuts = sent(b"".join(pieces)), [0]
    for piece in pieces:
        cuts.append((cuts[-1] or head) + len(piece))
    return failed(id_, *(data[a:b] for a, b in pairwise(cuts)), codes=NOT_UTF_8)


WHOLE = BEFORE + AT + AFTER
UTF_8 = [
    answered("6.1.1", sent(b""), events=(NO_JSON,)),
    answered("6.1.2", *fragments(b"", 0, 0), events=(NO_JSON,)),
    answered("6.1.3", *fragments(ping_of(), 0, len(ping_of()))),
    answered("6.2.1", sent(ping_of(filling=UMLAUTS))),
    answered("6.2.2", *fragments(ping_of(filling=UMLAUTS), ping_of(filling=UMLAUTS).index("ö".encode()))),
    answered("6.2.3", *fragments(ping_of(filling=UMLAUTS), *EVERY_BYTE)),
    answered("6.2.4", *fragments(ping_of(filling=KOSME), *range(1, len(ping_of(filling=KOSME))))),
    failed("6.3.1", sent(EDITED), codes=NOT_UTF_8),
    failed("6.3.2", *fragments(EDITED, *range(1, len(EDITED))), codes=NOT_UTF_8),
    pinged("6.4.1", BEFORE, AT, AFTER),
    pinged("6.4.2", WHOLE[:12], WHOLE[12:13], WHOLE[13:]),
    in_chops("6.4.3", BEFORE, AT, AFTER),
    in_chops("6.4.4", WHOLE[:12], WHOLE[12:13], WHOLE[13:]),
    *[
        (valid if size in WHOLE_LETTERS else invalid)(f"6.6.{size}", KOSME[:size])
        for size in range(1, len(KOSME) + 1)
    ],
    *[valid(f"6.{part}.{number}", text) for part in VALID for number, text in enumerate(VALID[part], 1)],
    *[
        invalid(f"6.{part}.{number}", text)
        for part in INVALID
        for number, text in enumerate(INVALID[part], 1)
    ],
    invalid("6.11.5", OUT_OF_RANGE),
]
