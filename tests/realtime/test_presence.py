"""Processes agree on who reads, whatever is lost, doubled or swapped between them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.announcements import AnyPresence, Departure, PresenceDiff, PresenceState
from comments.wire import Person
from realtime.presence import presence
from realtime.presence.departed import LEAVE_GRACE
from realtime.presence.presence import DIGEST_EVERY, EXPIRES, MOST_NODES, MOST_SHOWN, Presence

ALICE, BOB, CAROL = Person("u1", "Alice"), Person("u2", "bob"), Person("u3", "Carol")
PEOPLE = [ALICE, BOB, CAROL, None]
PAGE, TAB, THIRD = "page-of-one", "tab-of-another", "third-page"  # page views


class Wire:
    """What carries messages between processes: each to everybody, the sender too."""

    def __init__(self, *nodes: Presence) -> None:
        self.nodes = list(nodes)
        self.now = 0.0

    def send(self, message: AnyPresence | None) -> None:
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


def node(name: str, incarnation: str = "1") -> Presence:
    return Presence(thread=1, node=name, incarnation=incarnation)


def two() -> tuple[Presence, Presence, Wire]:
    """Two processes that know each other."""
    left, right = node("left"), node("right")
    wire = Wire(left, right)
    wire.digest()
    return left, right, wire


def seen(node: Presence) -> tuple[set[str], int]:
    """The names that a process shows, and the number of anonymous readers."""
    picture = node.snapshot()
    assert picture.count == len(picture.members) + picture.anonymous
    return {person.name for person in picture.members}, picture.anonymous


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


def state_of(
    name: str, views: dict[str, Person | None], departed: dict[str, Departure] | None = None
) -> PresenceState:
    return PresenceState(
        thread=1, node=name, incarnation="1", version=0, views=views, departed=departed or {}
    )


def diff_of(name: str, came: dict[str, Person | None], version: int) -> PresenceDiff:
    return PresenceDiff(thread=1, node=name, incarnation="1", version=version, came=came, went=[], gone=[])


Here = dict[str, list[tuple[str, Person | None]]]  # by process: the view and the reader of each connection


def everybody(here: Here) -> tuple[set[str], int]:
    """Who reads: in each process, a view belongs to whoever of its connections was named last."""
    named: dict[tuple[str, str], Person] = {}
    for process, connections in here.items():
        named |= {(process, view): person for view, person in connections if person}
    views = {view for connections in here.values() for view, _ in connections}
    return {person.name for person in named.values()}, len(views - {view for _, view in named})


def taken_from(
    connections: list[tuple[str, Person | None]], chance: random.Random
) -> tuple[str, Person | None]:
    """One of the connections, which ends; of those that look the same, the oldest one."""
    connection = chance.choice(connections)
    connections.remove(connection)
    return connection


@given(st.randoms(use_true_random=False), st.integers(2, 3), st.integers(1, 40))
def test_any_loss_any_copies_and_any_order_end_in_one_picture_after_the_grace(
    chance: random.Random, how_many: int, steps: int
) -> None:
    nodes = [node(f"node {number}") for number in range(how_many)]
    wire = Wire(*nodes)
    here: Here = {f"node {number}": [] for number in range(how_many)}
    on_the_way: list[AnyPresence] = []
    for step in range(steps):
        wire.now += 0.1
        number = chance.randrange(how_many)
        one, connections = nodes[number], here[f"node {number}"]
        if chance.random() < 0.05:  # its process was killed, and another took its place
            one = nodes[number] = wire.nodes[number] = node(f"node {number}", f"{step + 2}")
            here[f"node {number}"] = []
            on_the_way.append(one.request())
        elif connections and chance.random() < 0.4:
            view, person = taken_from(connections, chance)
            one.leave(view, person, wire.now, for_good=chance.random() < 0.2)
        elif connections and chance.random() < 0.2:
            view, before = taken_from(connections, chance)
            connections.append((view, chance.choice(PEOPLE)))
            one.identify(view, before, connections[-1][1])
        else:
            connections.append((f"page-{chance.randrange(6)}", chance.choice(PEOPLE)))
            one.join(*connections[-1])
        if chance.random() < 0.7 and (told := one.diff()):
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
    for one in nodes:  # those who are there are shown, and those who left for no longer than the grace
        names, _ = everybody(here)
        assert names <= seen(one)[0]
    for _ in range(3):
        wire.wait(DIGEST_EVERY)

    assert all(seen(one) == everybody(here) for one in nodes)
