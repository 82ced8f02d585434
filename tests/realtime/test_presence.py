"""Processes agree on who reads, whatever is lost, doubled or swapped between them."""

import random
from collections.abc import Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from realtime.presence import DIGEST_EVERY, EXPIRES, MOST_SHOWN, Presence
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


def test_who_leaves_is_gone_everywhere() -> None:
    left, right, wire = two()
    left.join(ALICE)
    left.join(None)
    wire.tell()
    wire.digest()
    left.leave(ALICE)
    left.leave(None)
    wire.tell()

    assert seen(left) == seen(right) == (set(), 0)


def test_a_person_with_several_sockets_is_one_person_until_the_last_has_gone() -> None:
    node = Presence("left", "1")
    node.join(ALICE)
    node.join(ALICE)
    assert node.snapshot().count == 1

    node.leave(ALICE)
    assert node.is_here("u1")
    node.leave(ALICE)
    assert not node.is_here("u1")


def test_a_person_with_sockets_in_two_processes_is_one_person() -> None:
    left, right, wire = two()
    left.join(ALICE)
    right.join(ALICE)
    wire.tell()
    wire.digest()
    assert left.snapshot().count == 1

    left.leave(ALICE)
    wire.tell()
    assert seen(left) == seen(right) == ({"Alice"}, 0)


def test_nothing_is_told_when_nothing_changed() -> None:
    node = Presence("left", "1")
    assert node.diff() is None
    node.join(ALICE)
    assert node.diff() is not None
    node.join(ALICE)
    node.leave(ALICE)

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
    old = left.state()
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
    wire.tell()

    assert seen(right) == ({"bob"}, 0)


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
def test_any_loss_any_copies_and_any_order_end_in_one_picture_after_a_digest(
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
            node.leave(readers.pop(chance.randrange(len(readers))))
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
    wire.now += DIGEST_EVERY
    wire.digest()

    assert all(seen(node) == everybody(nodes, here) for node in nodes)
