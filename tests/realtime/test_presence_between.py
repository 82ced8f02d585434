"""What a process believes of the others: their views, their digests, their silence."""

import pytest

from comments.announcements import Departure, PresenceDiff, PresenceState
from comments.wire import Person
from realtime.presence import presence
from realtime.presence.departed import LEAVE_GRACE
from realtime.presence.presence import DIGEST_EVERY, EXPIRES, MOST_NODES, MOST_SHOWN
from tests.realtime.presence_wire import ALICE, BOB, CAROL, PAGE, TAB, THIRD, node, seen, two


def test_a_person_with_several_views_is_one_person_until_the_last_has_gone() -> None:
    here = node("left")
    here.join(PAGE, ALICE)
    here.join(TAB, ALICE)
    assert here.snapshot().count == 1

    here.leave(PAGE, ALICE, 0)
    assert here.is_here("u1")
    here.leave(TAB, ALICE, 0)
    assert not here.is_here("u1")


def test_a_person_with_views_in_two_processes_is_one_person() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    right.join(TAB, ALICE)
    wire.tell()
    assert left.snapshot().count == 1

    left.leave(PAGE, ALICE, wire.now)
    wire.tell()
    wire.wait(LEAVE_GRACE)
    assert seen(left) == seen(right) == ({"Alice"}, 0)


def test_nothing_is_told_when_nothing_changed() -> None:
    here = node("left")
    assert here.diff() is None
    here.join(PAGE, ALICE)
    assert here.diff() is not None
    here.join(PAGE, ALICE)
    here.leave(PAGE, ALICE, 0)

    assert here.diff() is None


def test_a_new_name_is_told() -> None:
    left, right, wire = two()
    left.join(PAGE, Person("g1", "Zoe"))
    wire.tell()
    left.identify(PAGE, Person("g1", "Zoe"), Person("g1", "Zoë"))
    wire.tell()

    assert seen(left) == seen(right) == ({"Zoë"}, 0)


def test_a_process_that_missed_a_change_notices_at_the_next_digest() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    left.diff()  # told, and lost
    wire.digest()

    assert seen(right) == ({"Alice"}, 0)


def test_a_change_that_came_twice_counts_once() -> None:
    left, right, wire = two()
    left.join(PAGE, None)
    told = left.diff()
    wire.send(told)
    wire.send(told)

    assert seen(right) == (set(), 1)


def test_a_late_whole_list_is_corrected_by_the_next_digest() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    left.diff()
    old = left.state(wire.now)
    left.join(TAB, BOB)
    wire.tell()
    wire.send(old)
    wire.digest()

    assert seen(right) == ({"Alice", "bob"}, 0)


def test_a_process_that_started_again_is_not_taken_for_its_former_self() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    wire.tell()
    again = node("left", "2")
    wire.nodes[0] = again
    again.join(TAB, BOB)
    again.diff()  # told, and lost: the next version is the one that its former self would have told next
    again.join(THIRD, CAROL)
    wire.tell()

    assert seen(right) == ({"bob", "Carol"}, 0)


def test_a_silent_process_is_forgotten_with_its_readers() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    left.join(TAB, None)
    wire.tell()
    wire.now = EXPIRES - 0.1
    right.expire(wire.now)
    assert right.snapshot().count == 2

    wire.now = EXPIRES
    right.expire(wire.now)
    assert right.snapshot().count == 0


def test_two_lost_digests_are_no_silence() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    wire.tell()
    wire.now = 3 * DIGEST_EVERY - 1.1
    right.expire(wire.now)

    assert seen(right) == ({"Alice"}, 0)


def test_a_crowd_is_counted_and_only_some_are_named_in_the_order_of_their_names() -> None:
    here = node("left")
    for number in range(MOST_SHOWN + 10):
        here.join(f"page-{number}", Person(f"u{number}", f"{'Rr'[number % 2]}eader {number:03}"))
    picture = here.snapshot()

    assert picture.count == MOST_SHOWN + 10
    assert [person.name.lower() for person in picture.members] == [
        f"reader {number:03}" for number in range(MOST_SHOWN)
    ]


def state_of(
    name: str, views: dict[str, Person | None], departed: dict[str, Departure] | None = None
) -> PresenceState:
    return PresenceState(
        thread=1, node=name, incarnation="1", version=0, views=views, departed=departed or {}
    )


def diff_of(name: str, came: dict[str, Person | None], version: int) -> PresenceDiff:
    return PresenceDiff(thread=1, node=name, incarnation="1", version=version, came=came, went=[], gone=[])


def test_another_process_can_make_this_one_hold_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "MOST_VIEWS", 20)
    here = node("here")
    here.receive(state_of("other", {}), 0)
    for number in range(5):  # each a change that follows the one before
        came: dict[str, Person | None] = {f"page-{number}-{each}": None for each in range(10)}
        here.receive(diff_of("other", came, version=number + 1), 0)

    assert here.snapshot().count == 20


def test_only_so_many_other_processes_are_believed() -> None:
    here = node("here")
    for number in range(MOST_NODES + 5):
        here.receive(state_of(f"node-{number}", {f"page-{number}": None}), 0)

    assert here.snapshot().count == MOST_NODES


def test_another_process_can_have_nobody_shown_for_longer_than_the_grace() -> None:
    here = node("here")
    here.receive(state_of("other", {}, departed={PAGE: Departure(ALICE, 6 * LEAVE_GRACE)}), 0)
    assert seen(here) == ({"Alice"}, 0)

    here.expire(LEAVE_GRACE)
    assert seen(here) == (set(), 0)
