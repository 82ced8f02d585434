"""Changes come out once each, in order and without a hole, whatever happened to them on the way."""

import random
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from comments.announcements import Change
from realtime.rooms.sequencer import MOST_HELD, Sequencer


def change(seq: int, prev: int | None = None, frame: str = "{}", **answers: str | None) -> Change:
    return Change(seq, seq - 1 if prev is None else prev, frame.encode(), **answers)


def numbers(changes: list[Change]) -> list[int]:
    return [each.seq for each in changes]


def started(position: int) -> Sequencer:
    sequencer = Sequencer()
    sequencer.start(position)
    return sequencer


def test_a_change_that_follows_is_delivered_at_once() -> None:
    assert numbers(started(4).offer(change(5))) == [5]


def test_a_change_is_delivered_once() -> None:
    sequencer = started(4)
    sequencer.offer(change(5))

    assert sequencer.offer(change(5)) == []


def test_a_change_before_its_predecessor_is_held() -> None:
    sequencer = started(4)

    assert sequencer.offer(change(6)) == []
    assert sequencer.has_hole
    assert numbers(sequencer.offer(change(5))) == [5, 6]
    assert not sequencer.has_hole


def test_what_came_before_the_start_is_held_and_what_is_old_by_then_is_dropped() -> None:
    sequencer = Sequencer()
    for seq in (7, 5, 4, 6):
        assert sequencer.offer(change(seq)) == []
    assert not sequencer.has_hole

    assert numbers(sequencer.start(5)) == [6, 7]


def test_numbers_that_were_compacted_away_leave_no_hole() -> None:
    sequencer = started(4)

    assert numbers(sequencer.fill([change(9, prev=4)], upto=9)) == [9]
    assert numbers(sequencer.offer(change(10))) == [10]


def test_a_fill_that_ends_in_nothing_visible_still_moves_on() -> None:
    sequencer = started(4)
    sequencer.fill([], upto=6)

    assert numbers(sequencer.offer(change(7))) == [7]


def test_what_came_in_live_keeps_whose_command_it_answers() -> None:
    sequencer = started(4)
    sequencer.offer(change(6, author="u1", ref="a-ref"))

    five, six = sequencer.fill([change(5), change(6)], upto=6)

    assert (five.author, five.ref) == (None, None)
    assert (six.author, six.ref) == ("u1", "a-ref")


def test_what_came_in_live_follows_what_readers_have_though_the_database_skipped_numbers() -> None:
    """A client takes a frame whose `prev` is ahead of its position for a gap, and would ask over HTTP."""
    sequencer = started(4)
    sequencer.offer(change(6, author="u1", ref="a-ref"))  # of a comment that was posted as 5 and hidden as 6

    (six,) = sequencer.fill([change(6, prev=4)], upto=6)

    assert six.prev == 4
    assert six.ref == "a-ref"


def test_a_change_that_became_old_while_the_database_was_asked_is_dropped() -> None:
    sequencer = started(4)
    sequencer.offer(change(6))
    sequencer.offer(change(5))  # came after all

    assert sequencer.fill([change(5), change(6)], upto=6) == []


def test_only_so_many_changes_are_held() -> None:
    sequencer = started(0)
    for seq in range(2, 2 * MOST_HELD):
        sequencer.offer(change(seq))

    assert len(sequencer.offer(change(1))) == MOST_HELD + 1


@dataclass
class Database:
    """Every change ever made to ten comments; like the real one it remembers only the last of each."""

    latest: dict[int, int] = field(default_factory=dict)
    head: int = 0

    def write(self, comment: int) -> Change:
        self.head += 1
        self.latest[comment] = self.head
        return change(self.head, frame=f"live {self.head}", author=f"u{comment}", ref=f"ref {self.head}")

    def read(self, after: int) -> tuple[list[Change], int]:
        seqs = sorted(seq for seq in self.latest.values() if seq > after)
        return [
            change(seq, prev=prev, frame=f"read {seq}")
            for seq, prev in zip(seqs, [after, *seqs], strict=False)
        ], self.head


@given(st.randoms(use_true_random=False), st.integers(1, 40), st.integers(0, 20))
def test_any_loss_and_any_order_ends_in_every_number_once_and_in_order(
    chance: random.Random, writes: int, begins_at: int
) -> None:
    database, sequencer = Database(), Sequencer()
    on_the_way: list[Change] = []
    delivered: list[Change] = []
    started_at: int | None = None
    read: tuple[list[Change], int] | None = None
    for step in range(writes):
        announced = database.write(chance.randrange(10))
        on_the_way += [announced] * chance.choice([0, 1, 1, 2])
        if step == min(begins_at, writes - 1):
            started_at = database.head
            delivered += sequencer.start(started_at)
        for _ in range(chance.randrange(3)):
            if on_the_way:
                delivered += sequencer.offer(on_the_way.pop(chance.randrange(len(on_the_way))))
        if started_at is not None and chance.random() < 0.2:
            # The answer of one repair may arrive after more changes came in live.
            if read is not None:
                delivered += sequencer.fill(*read)
            read = database.read(sequencer.position)
    assert started_at is not None
    while on_the_way:
        delivered += sequencer.offer(on_the_way.pop())
    delivered += sequencer.fill(*database.read(sequencer.position))

    position = started_at
    for each in delivered:
        assert each.prev <= position < each.seq
        position = each.seq
    last_of_each = {seq for seq in database.latest.values() if seq > started_at}
    assert last_of_each <= set(numbers(delivered))
    assert sequencer.position == database.head
    assert not sequencer.has_hole
