"""RFC 6455, by the conversations of the Autobahn test suite, with both servers as we configure them.

Autobahn's fuzzing client runs on Python 2 only, and needs an echo server. So these are its conversations in
the frames of our protocol, under its numbers. Section 9 is left out, since its messages are longer than our
limit of 64 KiB, and so are 12 and 13, since compression is off. All cases of a section run at once, and a
failure names every case that differs.
"""

import asyncio

import pytest

from tests.realtime.raw import PATIENCE, handshake, raw_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.rfc6455.case import VIOLATION, Case, answered
from tests.rfc6455.closing import CLOSED_WITHIN, CLOSING, ended
from tests.rfc6455.frames import (
    FRAGMENTS,
    FRAMING,
    IN_EIGHT_BYTES,
    IN_TWO_BYTES,
    MISC,
    OPCODES,
    PINGS,
    RESERVED_BITS,
)
from tests.rfc6455.play import Heard, hold_all
from tests.rfc6455.texts import UTF_8

SECTIONS = {
    "1 framing": FRAMING,
    "2 pings and pongs": PINGS,
    "3 reserved bits": RESERVED_BITS,
    "4 opcodes": OPCODES,
    "5 fragments": FRAGMENTS,
    "6 UTF-8": UTF_8,
    "7 closing": CLOSING,
    "10 misc": MISC,
}
RESETS = 3  # times that a conversation is held again when a reset cut it short
AUTOBAHNS = 247  # cases of its sections 1 to 7 and 10, in version 25.10.1

# Cases in which websockets, uvicorn's library, differs by design, as it answers them.
WEBSOCKETS = {
    case.id: case
    for case in (
        # `Protocol.recv_frame` takes a close within a message in fragments for a violation.
        ended("7.1.5", CLOSED_WITHIN, codes=VIOLATION),
        # `Frame.parse` does not ask whether a length could have been said in fewer bytes.
        answered("1.d", IN_TWO_BYTES, events=(("refused", "bad_type"),)),
        answered("1.e", IN_EIGHT_BYTES, events=(("refused", "bad_type"),)),
    )
}


def differs(case: Case, heard: Heard | str, *, daphne: bool) -> str | None:
    """What is wrong with the answers, or None."""
    if isinstance(heard, str):
        return heard
    if tuple(heard.events) not in (case.events, case.or_events):
        return f"heard {heard}"
    codes: set[int | None] = set(case.codes)
    if daphne:
        # autobahn fails connections by dropping them: its option `failByDrop` is on by default, and Daphne
        # leaves it so. It can send 1000 and private codes only: the `bye` before the close says 1003.
        codes = {None} if case.fails else codes | {1000}
    return None if heard.code in codes else f"heard {heard}"


@pytest.mark.promise(19)
@pytest.mark.parametrize("cases", SECTIONS.values(), ids=SECTIONS)
@scene
async def test_every_conversation_of_the_section_goes_as_the_rfc_has_it(
    stage: Stage, cases: list[Case]
) -> None:
    daphne = stage.server.redis is None
    expected = cases if daphne else [WEBSOCKETS.get(case.id, case) for case in cases]

    heard = await hold_all(expected, stage.url, stage.new_article())
    if not daphne:
        await ask_again_who_was_cut_short(expected, heard, stage)

    found = {case.id: differs(case, heard[case.id], daphne=daphne) for case in expected}
    problems = {id_: problem for id_, problem in found.items() if problem}

    assert problems == {}


async def ask_again_who_was_cut_short(cases: list[Case], heard: dict[str, Heard | str], stage: Stage) -> None:
    """Hold again, one by one, the conversations that ended without the close that is expected.

    A client that goes on sending after the server has closed gets a reset. Its system then throws away what
    it had not read yet, such as the close. On a busy machine that happens now and then.
    """
    for case in cases:
        for _ in range(RESETS):
            last = heard[case.id]
            if None in case.codes or not isinstance(last, Heard) or last.code is not None:
                break
            heard |= await hold_all([case], stage.url, stage.new_article())


def test_no_conversation_is_left_out_or_twice() -> None:
    ids = [case.id for cases in SECTIONS.values() for case in cases]

    assert len(ids) == len(set(ids))
    assert len([id_ for id_ in ids if id_[-1].isdigit()]) == AUTOBAHNS


@scene
async def test_compression_is_not_agreed_to(stage: Stage) -> None:
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits, permessage-deflate"}
    async with raw_socket(stage.url) as socket:
        socket.send(handshake(stage.url, f"/ws/article/{stage.new_article()}/", offer))
        head = await asyncio.wait_for(socket.reader.readuntil(b"\r\n\r\n"), PATIENCE)

    assert b" 101 " in head
    assert b"extensions" not in head.lower()
