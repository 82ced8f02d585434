"""The closing handshake: section 7 of Autobahn's list."""

from tests.realtime.raw import CLOSE, CONTINUED
from tests.rfc6455.case import (
    ANSWER,
    CLEAN,
    NOT_UTF_8,
    PING,
    TOO_BIG,
    VIOLATION,
    Case,
    answered,
    close,
    control,
    fragments,
    ping_of,
    sent,
)

MEANINGFUL = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
MEANINGLESS = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999]
NO_CODE = 1005  # the code that stands for a close frame without one
CLOSED_WITHIN = fragments(ping_of(), 9)[0] + close() + sent(b"}", opcode=CONTINUED)


def ended(id_: str, *steps: bytes, codes: frozenset[int] = CLEAN) -> Case:
    """A case in which the client closes, and the server answers the close and nothing else."""
    return Case(id_, steps, (), codes)


CLOSING = [
    answered("7.1.1", sent(ping_of())),
    ended("7.1.2", close() + control(CLOSE)),
    ended("7.1.3", close() + control(PING)),
    ended("7.1.4", close() + sent(ping_of())),
    ended("7.1.5", CLOSED_WITHIN),
    # Autobahn leaves the answer to a message of 256 KiB before a close open; for our server it is too long.
    ended("7.1.6", sent(b"x" * 262_144) + close() + control(PING), codes=TOO_BIG),
    ended("7.3.1", close(None), codes=frozenset({1000, NO_CODE})),
    ended("7.3.2", control(CLOSE, b"a"), codes=VIOLATION),
    ended("7.3.3", close()),
    ended("7.3.4", close(1000, b"Hello World!")),
    ended("7.3.5", close(1000, b"*" * 123)),
    ended("7.3.6", close(1000, b"*" * 124), codes=VIOLATION),
    ended("7.5.1", close(1000, b"edited\xed\xa0\x80edited"), codes=NOT_UTF_8 | VIOLATION),
    *[
        ended(f"7.7.{number}", close(code), codes=frozenset({1000, code}))
        for number, code in enumerate(MEANINGFUL, 1)
    ],
    *[ended(f"7.9.{number}", close(code), codes=VIOLATION) for number, code in enumerate(MEANINGLESS, 1)],
    # Autobahn leaves these open; they are as meaningless as those above.
    ended("7.13.1", close(5000), codes=VIOLATION),
    ended("7.13.2", close(65_535), codes=VIOLATION),
    # Both sides close at once: the server has said bye already when the client's close arrives.
    Case("7.a", [sent(b"\x00", opcode=2) + close()], (("bye", 1003),), frozenset({1003, 1000}), or_events=()),
    Case("7.b", [sent(ping_of()) + close()], (ANSWER,), CLEAN, or_events=()),
]
