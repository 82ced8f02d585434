"""Who reads, as every process shows it: they come, leave, come back, and are gone for good."""

import pytest

from comments.wire import Person
from realtime.presence.departed import LEAVE_GRACE
from realtime.presence.presence import DIGEST_EVERY, EXPIRES
from tests.realtime.presence_wire import ALICE, BOB, PAGE, TAB, THIRD, Wire, node, seen, two


def test_who_joins_is_seen_everywhere() -> None:
    left, right = node("left"), node("right")
    wire = Wire(left, right)
    left.join(PAGE, ALICE)
    right.join(TAB, BOB)
    left.join(THIRD, None)
    wire.tell()
    wire.digest()  # neither knew the other; now they asked

    assert seen(left) == seen(right) == ({"Alice", "bob"}, 1)


def test_a_reader_who_leaves_is_shown_for_the_grace_everywhere_and_then_no_longer() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    left.join(TAB, None)
    wire.tell()
    left.leave(PAGE, ALICE, wire.now)
    left.leave(TAB, None, wire.now)
    wire.tell()
    wire.wait(LEAVE_GRACE - 0.1)
    assert seen(left) == seen(right) == ({"Alice"}, 1)

    wire.wait(0.1)
    assert seen(left) == seen(right) == (set(), 0)


@pytest.mark.parametrize("reader", [ALICE, None], ids=["named", "anonymous"])
def test_a_view_that_is_back_is_counted_once_wherever_it_is_back(reader: Person | None) -> None:
    for returns_to in (0, 1):
        left, right, wire = two()
        left.join(PAGE, reader)
        wire.tell()
        left.leave(PAGE, reader, wire.now)
        wire.tell()
        wire.nodes[returns_to].join(PAGE, reader)
        wire.tell()
        assert left.snapshot().count == right.snapshot().count == 1

        wire.nodes[returns_to].leave(PAGE, reader, wire.now)
        wire.tell()
        wire.wait(LEAVE_GRACE)
        assert left.snapshot().count == right.snapshot().count == 0


def test_a_view_that_is_back_before_its_old_connection_is_given_up_is_counted_once() -> None:
    left, right, wire = two()
    left.join(PAGE, None)
    wire.tell()
    right.join(PAGE, None)
    wire.tell()
    assert seen(left) == seen(right) == (set(), 1)

    left.leave(PAGE, None, wire.now)
    wire.tell()
    assert seen(left) == seen(right) == (set(), 1)
    right.leave(PAGE, None, wire.now)
    wire.tell()
    wire.wait(LEAVE_GRACE)
    assert seen(left) == seen(right) == (set(), 0)


@pytest.mark.parametrize("elsewhere", [False, True], ids=["the same process", "another process"])
@pytest.mark.parametrize("closed_first", [False, True], ids=["old one lingers", "old one closed"])
def test_a_reader_who_takes_a_name_and_connects_anew_is_one_reader_at_every_moment(
    *, elsewhere: bool, closed_first: bool
) -> None:
    left, right, wire = two()
    there = right if elsewhere else left
    left.join(PAGE, None)
    wire.tell()
    if closed_first:
        left.leave(PAGE, None, wire.now)
        wire.tell()
        assert seen(left) == seen(right) == (set(), 1)
    there.join(PAGE, ALICE)
    wire.tell()
    assert seen(left) == seen(right) == ({"Alice"}, 0)
    if not closed_first:
        left.leave(PAGE, None, wire.now)
        wire.tell()
    assert seen(left) == seen(right) == ({"Alice"}, 0)


def test_a_reader_who_loads_the_page_anew_without_their_name_is_forgotten_under_it() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    wire.tell()
    left.leave(PAGE, ALICE, wire.now)
    wire.tell()
    right.join(PAGE, None)
    wire.tell()

    assert seen(left) == seen(right) == (set(), 1)


def test_a_reader_who_turns_out_to_be_somebody_else_is_that_person_alone() -> None:
    left, right, wire = two()
    left.join(PAGE, None)
    wire.tell()
    for before, now in ((None, ALICE), (ALICE, BOB), (BOB, None)):
        left.identify(PAGE, before, now)
        wire.tell()
        assert seen(left) == seen(right) == (({now.name}, 0) if now else (set(), 1))


def test_who_is_gone_for_good_is_shown_no_longer_anywhere() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    left.join(TAB, BOB)
    right.join(THIRD, BOB)
    wire.tell()
    right.leave(THIRD, BOB, wire.now)  # a tab that was closed just before
    wire.tell()
    left.leave(PAGE, ALICE, wire.now, for_good=True)
    left.leave(TAB, BOB, wire.now, for_good=True)
    wire.tell()

    assert seen(left) == seen(right) == (set(), 0)


def test_who_is_gone_for_good_from_one_process_is_shown_while_another_has_them() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    right.join(TAB, ALICE)
    wire.tell()
    left.leave(PAGE, ALICE, wire.now, for_good=True)
    wire.tell()

    assert seen(left) == seen(right) == ({"Alice"}, 0)


def test_who_left_and_is_forgotten_is_shown_no_longer() -> None:
    here = node("left")
    here.join(PAGE, ALICE)
    here.leave(PAGE, ALICE, 0)

    assert (here.forget("u1"), here.forget("u1")) == (True, False)
    assert seen(here) == (set(), 0)


def test_who_returns_and_is_gone_for_good_before_that_was_told_is_shown_no_longer() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    wire.tell()
    left.leave(PAGE, ALICE, wire.now)
    wire.tell()
    left.join(TAB, ALICE)
    left.leave(TAB, ALICE, wire.now, for_good=True)
    wire.tell()
    assert seen(left) == seen(right) == (set(), 0)

    right.join(PAGE, ALICE)
    wire.tell()
    right.leave(PAGE, ALICE, wire.now)
    wire.tell()
    left.join(THIRD, BOB)
    wire.tell()
    assert seen(left) == seen(right) == ({"Alice", "bob"}, 0)


def test_who_leaves_for_good_and_comes_back_before_that_was_told_is_shown() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    wire.tell()
    left.leave(PAGE, ALICE, wire.now, for_good=True)
    left.join(TAB, ALICE)
    wire.tell()

    assert seen(left) == seen(right) == ({"Alice"}, 0)


def test_a_process_that_begins_learns_who_left_just_now() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    left.join(TAB, None)
    wire.tell()
    left.leave(PAGE, ALICE, wire.now)
    left.leave(TAB, None, wire.now)
    wire.tell()
    wire.nodes.remove(left)  # it ended
    wire.wait(LEAVE_GRACE / 2)
    newcomer = node("new")
    wire.nodes.append(newcomer)
    wire.send(newcomer.request())
    assert seen(newcomer) == seen(right) == ({"Alice"}, 1)

    wire.wait(LEAVE_GRACE / 2)
    assert seen(newcomer) == seen(right) == (set(), 0)


def test_a_leave_whose_news_was_lost_makes_the_grace_no_longer() -> None:
    left, right, wire = two()
    for view, reader in ((PAGE, ALICE), (TAB, BOB), (THIRD, None), ("fourth-page", None)):
        left.join(view, reader)
    wire.tell()
    left.leave(PAGE, ALICE, wire.now)
    left.leave(TAB, BOB, wire.now, for_good=True)
    left.leave(THIRD, None, wire.now)
    left.diff()  # told, and lost
    wire.wait(DIGEST_EVERY)
    assert seen(right) == seen(left) == ({"Alice"}, 2)

    wire.wait(LEAVE_GRACE - DIGEST_EVERY)
    assert seen(right) == seen(left) == (set(), 1)


def test_the_readers_of_a_dead_process_get_no_grace_on_top() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    left.join(TAB, None)
    wire.tell()
    wire.nodes.remove(left)
    wire.now += EXPIRES

    assert right.expire(wire.now)
    assert seen(right) == (set(), 0)


def test_the_readers_of_a_dead_process_who_come_to_another_are_counted_once() -> None:
    left, right, wire = two()
    left.join(PAGE, ALICE)
    left.join(TAB, None)
    wire.tell()
    wire.nodes.remove(left)
    right.join(PAGE, ALICE)
    right.join(TAB, None)
    assert seen(right) == ({"Alice"}, 1)

    wire.now += EXPIRES
    right.expire(wire.now)
    assert seen(right) == ({"Alice"}, 1)
