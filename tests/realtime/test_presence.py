"""Processes agree on who reads, whatever is lost, doubled or swapped between them."""

import random
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.presence.departed import LEAVE_GRACE
from realtime.presence.presence import DIGEST_EVERY, EXPIRES, MOST_SHOWN, Presence
from realtime.protocol import Person

ALICE, BOB, CAROL = Person("u1", "Alice"), Person("u2", "bob"), Person("u3", "Carol")
PEOPLE = [ALICE, BOB, CAROL, None]

Message = dict[str, Any]


class Wire:
    """What carries messages between processes: each to everybody, the sender too."""

    def __init__(self, *nodes: Presence) -> None:
        self.nodes = list(nodes)
        self.now = 0.0

    def send(self, message: Message | None) -> None:
        waiting = [message]
        while waiting:
            each = waiting.pop(0)
            if each is not None:
                waiting += [node.receive(each, self.now) for node in self.nodes]

    def tell(self) -> None:
        """Every process says what changed."""
        for node in self.nodes:
            self.send(node.diff())

    def wait(self, seconds: float) -> None:
        """Time passes; in the end every process gives its sign of life."""
        self.now += seconds
        self.digest()

    def digest(self) -> None:
        for node in self.nodes:
            node.expire(self.now)
            self.send(node.digest())


def two() -> tuple[Presence, Presence, Wire]:
    left, right = Presence("left", "1"), Presence("right", "1")
    return left, right, Wire(left, right)


def seen(node: Presence) -> tuple[set[str], int]:
    picture = node.snapshot()
    assert picture.count == len(picture.members) + picture.guests
    return {person.name for person in picture.members}, picture.guests


def test_who_joins_is_seen_everywhere() -> None:
    left, right, wire = two()
    left.join(ALICE)
    right.join(BOB)
    left.join(None)
    wire.tell()
    wire.digest()  # neither knew the other; now they asked

    assert seen(left) == seen(right) == ({"Alice", "bob"}, 1)


def test_who_leaves_is_shown_for_the_grace_everywhere_and_then_no_longer() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.join(None)
    wire.tell()
    wire.digest()
    left.leave(ALICE, wire.now)
    left.leave(None, wire.now)
    wire.tell()
    wire.wait(LEAVE_GRACE - 0.1)
    assert seen(left) == seen(right) == ({"Alice"}, 1)

    wire.wait(0.1)
    assert seen(left) == seen(right) == (set(), 0)


def test_who_is_gone_for_good_is_shown_no_longer_anywhere() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.join(BOB)
    left.join(None)
    right.join(BOB)
    wire.tell()
    wire.digest()
    right.leave(BOB, wire.now)  # a tab that was closed just before
    wire.tell()
    for person in (ALICE, BOB, None):
        left.leave(person, wire.now, for_good=True)
    wire.tell()

    assert seen(right) == (set(), 0)


def test_who_went_and_is_forgotten_is_shown_no_longer() -> None:
    node = Presence("left", "1")
    node.join(ALICE)
    node.leave(ALICE, 0)

    assert (node.forget("u1"), node.forget("u1")) == (True, False)
    assert seen(node) == (set(), 0)


def test_a_reader_who_moves_to_another_process_is_there_all_the_time_and_once() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.join(None)
    wire.tell()
    wire.digest()
    for reader in (ALICE, None):
        left.leave(reader, wire.now)
        wire.tell()
        assert seen(left) == seen(right) == ({"Alice"}, 1)
        wire.wait(DIGEST_EVERY)
        right.join(reader)
        wire.tell()
        assert seen(left) == seen(right) == ({"Alice"}, 1)
    wire.wait(2 * DIGEST_EVERY)

    assert seen(left) == seen(right) == ({"Alice"}, 1)


def test_a_reader_without_a_name_who_takes_one_is_not_counted_twice() -> None:
    left, right, wire = two()
    right.join(None)
    wire.tell()
    wire.digest()
    right.leave(None, wire.now)  # the page is loaded anew, after a login
    wire.tell()
    left.join(ALICE)
    wire.tell()

    assert seen(left) == seen(right) == ({"Alice"}, 0)


def test_a_reader_who_takes_a_name_is_not_counted_twice_where_the_news_was_lost() -> None:
    left, right, wire = two()
    right.join(None)
    wire.tell()
    wire.digest()
    right.leave(None, wire.now)
    wire.tell()
    right.join(ALICE)
    right.diff()  # told, and lost
    wire.wait(DIGEST_EVERY)

    assert seen(left) == seen(right) == ({"Alice"}, 0)


@pytest.mark.parametrize("told_between", [True, False])
def test_a_reader_who_takes_a_name_on_the_way_takes_one_place_and_not_two(*, told_between: bool) -> None:
    left, right, wire = two()
    for reader in (None, None):
        left.join(reader)
    wire.tell()
    wire.digest()
    for reader in (None, None):
        left.leave(reader, wire.now)
    wire.tell()
    left.join(None)
    if told_between:
        wire.tell()
        assert seen(left) == seen(right) == (set(), 2)
    left.leave(None, wire.now, for_good=True)
    left.join(ALICE, is_new=False)
    wire.tell()

    assert seen(left) == seen(right) == ({"Alice"}, 1)


def test_a_tab_that_takes_a_name_as_another_reader_comes_leaves_nothing_behind() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.join(None)
    wire.tell()
    wire.digest()
    left.leave(None, wire.now, for_good=True)
    left.join(ALICE, is_new=False)
    left.join(None)
    wire.tell()  # there is nothing to tell
    left.leave(None, wire.now)
    wire.tell()

    assert seen(left) == seen(right) == ({"Alice"}, 1)


def test_who_returns_and_is_gone_for_good_before_that_was_told_is_shown_no_longer() -> None:
    left, right, wire = two()
    left.join(ALICE)
    wire.tell()
    wire.digest()
    left.leave(ALICE, wire.now)
    wire.tell()
    left.join(ALICE)
    left.leave(ALICE, wire.now, for_good=True)
    wire.tell()
    assert seen(left) == seen(right) == (set(), 0)

    right.join(ALICE)
    wire.tell()
    right.leave(ALICE, wire.now)
    wire.tell()
    left.join(BOB)
    wire.tell()
    assert seen(left) == seen(right) == ({"Alice", "bob"}, 0)


def test_a_process_that_begins_learns_who_went_just_now() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.join(None)
    wire.tell()
    wire.digest()
    left.leave(ALICE, wire.now)
    left.leave(None, wire.now)
    wire.tell()
    wire.nodes.remove(left)  # it ended
    wire.wait(LEAVE_GRACE / 2)
    newcomer = Presence("new", "1")
    wire.nodes.append(newcomer)
    wire.send(newcomer.request())
    assert seen(newcomer) == seen(right) == ({"Alice"}, 1)

    wire.wait(LEAVE_GRACE / 2)
    assert seen(newcomer) == seen(right) == (set(), 0)


def test_a_leave_whose_news_was_lost_makes_the_grace_no_longer() -> None:
    left, right, wire = two()
    for reader in (ALICE, BOB, None, None):
        left.join(reader)
    wire.tell()
    wire.digest()
    left.leave(ALICE, wire.now)
    left.leave(BOB, wire.now, for_good=True)
    left.leave(None, wire.now)
    left.diff()  # told, and lost
    wire.wait(DIGEST_EVERY)
    assert seen(right) == seen(left) == ({"Alice"}, 2)

    wire.wait(LEAVE_GRACE - DIGEST_EVERY)
    assert seen(right) == seen(left) == (set(), 1)


def test_the_readers_of_a_dead_process_get_no_grace_on_top() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.join(None)
    wire.tell()
    wire.digest()
    wire.nodes.remove(left)
    wire.now += EXPIRES

    assert right.expire(wire.now)
    assert seen(right) == (set(), 0)


def test_a_person_with_several_sockets_is_one_person_until_the_last_has_gone() -> None:
    node = Presence("left", "1")
    node.join(ALICE)
    node.join(ALICE)
    assert node.snapshot().count == 1

    node.leave(ALICE, 0)
    assert node.is_here("u1")
    node.leave(ALICE, 0)
    assert not node.is_here("u1")


def test_a_person_with_sockets_in_two_processes_is_one_person() -> None:
    left, right, wire = two()
    left.join(ALICE)
    right.join(ALICE)
    wire.tell()
    wire.digest()
    assert left.snapshot().count == 1

    left.leave(ALICE, wire.now)
    wire.tell()
    wire.wait(LEAVE_GRACE)
    assert seen(left) == seen(right) == ({"Alice"}, 0)


def test_nothing_is_told_when_nothing_changed() -> None:
    node = Presence("left", "1")
    assert node.diff() is None
    node.join(ALICE)
    assert node.diff() is not None
    node.join(ALICE)
    node.leave(ALICE, 0)

    assert node.diff() is None


def test_a_new_name_is_told() -> None:
    left, right, wire = two()
    left.join(Person("g1", "Zoe"))
    wire.tell()
    left.join(Person("g1", "Zoë"))
    wire.tell()

    assert seen(right) == ({"Zoë"}, 0)


def test_a_process_that_missed_a_change_notices_at_the_next_digest() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.diff()  # told, and lost
    wire.digest()

    assert seen(right) == ({"Alice"}, 0)


def test_a_change_that_came_twice_counts_once() -> None:
    left, right, wire = two()
    wire.digest()
    left.join(None)
    told = left.diff()
    wire.send(told)
    wire.send(told)

    assert seen(right) == (set(), 1)


def test_a_late_whole_list_is_corrected_by_the_next_digest() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.diff()
    old = left.state(wire.now)
    left.join(BOB)
    wire.tell()
    wire.send(old)
    wire.digest()

    assert seen(right) == ({"Alice", "bob"}, 0)


def test_a_process_that_started_again_is_not_taken_for_its_former_self() -> None:
    left, right, wire = two()
    left.join(ALICE)
    wire.tell()
    wire.digest()
    again = Presence("left", "2")
    wire.nodes[0] = again
    again.join(BOB)
    again.diff()  # told, and lost: the next version is the one that its former self would have told next
    again.join(CAROL)
    wire.tell()

    assert seen(right) == ({"bob", "Carol"}, 0)


def test_a_silent_process_is_forgotten_with_its_readers() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.join(None)
    wire.tell()
    wire.now = EXPIRES - 0.1
    right.expire(wire.now)
    assert right.snapshot().count == 2

    wire.now = EXPIRES
    right.expire(wire.now)
    assert right.snapshot().count == 0


def test_two_lost_digests_are_no_silence() -> None:
    left, right, wire = two()
    left.join(ALICE)
    wire.tell()
    wire.now = 3 * DIGEST_EVERY - 1.1
    right.expire(wire.now)

    assert seen(right) == ({"Alice"}, 0)


def test_a_crowd_is_counted_and_only_some_are_named_in_the_order_of_their_names() -> None:
    node = Presence("left", "1")
    for number in range(MOST_SHOWN + 10):
        node.join(Person(f"u{number}", f"{'Rr'[number % 2]}eader {number:03}"))
    picture = node.snapshot()

    assert picture.count == MOST_SHOWN + 10
    assert [person.name.lower() for person in picture.members] == [
        f"reader {number:03}" for number in range(MOST_SHOWN)
    ]


def everybody(nodes: Iterable[Presence], here: dict[str, list[Person | None]]) -> tuple[set[str], int]:
    readers = [person for node in nodes for person in here[node.node]]
    return {person.name for person in readers if person}, sum(person is None for person in readers)


@given(st.randoms(use_true_random=False), st.integers(2, 3), st.integers(1, 40))
def test_any_loss_any_copies_and_any_order_end_in_one_picture_after_the_grace(
    chance: random.Random, how_many: int, steps: int
) -> None:
    nodes = [Presence(f"node {number}", "1") for number in range(how_many)]
    wire = Wire(*nodes)
    here: dict[str, list[Person | None]] = {node.node: [] for node in nodes}
    on_the_way: list[Message] = []
    for step in range(steps):
        wire.now += 0.1
        number = chance.randrange(how_many)
        node = nodes[number]
        readers = here[node.node]
        if chance.random() < 0.05:  # its process was killed, and another took its place
            node = nodes[number] = wire.nodes[number] = Presence(node.node, f"{step + 2}")
            here[node.node] = []
            on_the_way.append(node.request())
        elif readers and chance.random() < 0.4:
            for_good = chance.random() < 0.2
            node.leave(readers.pop(chance.randrange(len(readers))), wire.now, for_good=for_good)
        else:
            readers.append(chance.choice(PEOPLE))
            node.join(readers[-1])
        if chance.random() < 0.7 and (told := node.diff()):
            on_the_way += [told] * chance.choice([0, 1, 1, 2])
        while on_the_way and chance.random() < 0.6:
            message = on_the_way.pop(chance.randrange(len(on_the_way)))
            answers = [other.receive(message, wire.now) for other in nodes]
            on_the_way += [answer for answer in answers if answer and chance.random() < 0.8]
    chance.shuffle(on_the_way)
    for message in on_the_way:
        wire.send(message)
    wire.tell()
    wire.wait(DIGEST_EVERY)
    for node in nodes:  # those who are there are shown, and those who went for no longer than the grace
        names, guests = everybody(nodes, here)
        shown, nameless = seen(node)
        assert (names <= shown, guests <= nameless) == (True, True)
    for _ in range(3):
        wire.wait(DIGEST_EVERY)

    assert all(seen(node) == everybody(nodes, here) for node in nodes)
