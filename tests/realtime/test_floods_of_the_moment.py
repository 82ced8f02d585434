"""However many come, go and type, each reader gets so many small frames a second and no more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.rates import TokenBucket
from comments.wire import Person, Typist
from realtime.presence import presence, typing
from realtime.presence.presence import Presence
from realtime.protocol import PresenceNow, WhoIsTyping
from realtime.readers import limits
from realtime.rooms.moment import PRESENCE_EVERY, TYPING_EVERY, Moment

TICK = 0.1  # s
HOSTILE, HONEST = "192.0.2.66", "192.0.2.7"

# For each tick: who comes, goes and types; people by their number.
ticks = st.lists(
    st.lists(st.tuples(st.integers(0, 90), st.sampled_from(["come", "go", "type", "stop"])), max_size=30),
    max_size=60,
)


@given(ticks)
def test_readers_get_at_most_one_picture_of_each_kind_in_its_time(made: list[list[tuple[int, str]]]) -> None:
    moment, here = Moment(Presence(thread=1, node="here", incarnation="1")), set()
    frames: dict[str, list[float]] = {"presence": [], "typing": []}
    for step, tick in enumerate(made):
        now = step * TICK
        for number, what in tick:
            view, person = f"view {number}", Person(f"g{number}", f"Guest {number}")
            if what == "come" and number not in here:
                here.add(number)
                moment.presence.join(view, person)
            elif what == "go" and number in here:
                here.discard(number)
                moment.presence.leave(view, person, now)
            elif what == "type":
                moment.typing.start(Typist(person.id, person.name, None), now)
            elif what == "stop":
                moment.typing.stop(person.id)
        moment.presence.diff()
        for frame in moment.show(now)[0]:
            kind = "presence" if b'"presence"' in frame.payload[:20] else "typing"
            frames[kind].append(now)

    for kind, every in (("presence", PRESENCE_EVERY), ("typing", TYPING_EVERY)):
        pauses = [later - sooner for sooner, later in zip(frames[kind], frames[kind][1:], strict=False)]
        assert all(pause >= every - 1e-6 for pause in pauses)
    assert_small(moment.presence.snapshot(), moment.typing.snapshot())


def assert_small(readers: PresenceNow, typists: WhoIsTyping) -> None:
    assert len(readers.members) <= presence.MOST_SHOWN
    assert len(typists.users) <= typing.MOST_SHOWN


def test_an_address_makes_other_processes_hear_of_so_much_typing_and_no_more(settings: Any) -> None:
    settings.COMMENTS_RATE_LIMITS = True
    rate = limits.TYPING_PER_ADDRESS
    sockets = [TokenBucket.full(limits.TYPING, 0.0) for _ in range(200)]
    told = sum(limits.may_type(socket, HOSTILE, 0.0) for _ in range(5) for socket in sockets)

    assert told == rate.capacity
    assert limits.may_type(TokenBucket.full(limits.TYPING, 0.0), HONEST, 0.0)
    later = sum(limits.may_type(socket, HOSTILE, 1.0) for socket in sockets)
    assert later == pytest.approx(rate.per_second, abs=1)
