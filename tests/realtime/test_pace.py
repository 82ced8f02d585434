"""Changes go out in order, one that comes alone at once, and a burst no faster than most lines take it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comments.announcements import Change
from realtime.readers.send_queue import LARGEST_BATCH
from realtime.rooms.pace import BATCH_EVERY, MOST_WAITING, Pace

A_LITTLE = 1e-6  # s: what sums of floats may be off

# When a change comes, in seconds after the one before it, and the bytes that it has.
ARRIVALS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.0, 0.001, 0.04, 0.3]), st.sampled_from([100, 2_048, 5_000, 60_000, 90_000])
    ),
    min_size=1,
    max_size=60,
)


def change(seq: int, size: int = 100) -> Change:
    return Change(seq, seq - 1, b"x" * size)


def play(arrivals: list[tuple[float, int]]) -> list[tuple[float, list[Change], float]]:
    """The batches with the time of each, and the time at which its first change had come."""
    pace, batches, came = Pace(), [], {}
    coming, now = 0.0, 0.0
    schedule = []
    for seq, (after, size) in enumerate(arrivals, start=1):
        coming += after
        schedule.append((coming, change(seq, size)))
    while schedule or len(pace):
        due = now + pace.wait(now) if len(pace) else float("inf")
        if schedule and schedule[0][0] <= due:
            now, arrived = schedule.pop(0)
            came[arrived.seq] = now
            pace.add([arrived])
        else:
            now = due
            batch = pace.take(now)
            batches.append((now, batch, came[batch[0].seq]))
    return batches


@given(ARRIVALS)
def test_every_change_goes_out_once_and_in_order(arrivals: list[tuple[float, int]]) -> None:
    went = [each.seq for _, batch, _ in play(arrivals) for each in batch]

    assert went == list(range(1, len(arrivals) + 1))


@example([(0.0, LARGEST_BATCH // 32)] * 33)  # thirty-two are full without what an array puts around them
@given(ARRIVALS)
def test_a_batch_is_no_larger_than_a_socket_is_sent_at_once(arrivals: list[tuple[float, int]]) -> None:
    for _, batch, _ in play(arrivals):
        together = b"[" + b",".join(each.frame for each in batch) + b"]"
        assert len(batch) == 1 or len(together) <= LARGEST_BATCH


@given(ARRIVALS)
def test_no_change_waits_longer_than_what_came_before_it_takes(arrivals: list[tuple[float, int]]) -> None:
    """A line that takes LARGEST_BATCH each BATCH_EVERY would have sent everything before it by then."""
    idle_at = 0.0
    for now, batch, came in play(arrivals):
        assert now <= max(came, idle_at) + A_LITTLE
        size = sum(each.size for each in batch)
        idle_at = max(now, idle_at) + BATCH_EVERY * size / LARGEST_BATCH


@given(ARRIVALS)
def test_two_batches_and_a_line_that_keeps_up_are_all_that_is_ever_on_the_way(
    arrivals: list[tuple[float, int]],
) -> None:
    """What a reader's send queue has to hold, so that the pace sends nobody away who keeps up."""
    on_the_way, before = 0.0, 0.0
    for now, batch, _ in play(arrivals):
        on_the_way = max(0.0, on_the_way - (now - before) / BATCH_EVERY * LARGEST_BATCH)
        on_the_way += sum(each.size for each in batch)
        before = now

        assert on_the_way <= LARGEST_BATCH + 90_000 + 90_000


def test_a_change_that_comes_alone_goes_out_at_once() -> None:
    pace = Pace()
    for second in range(3):
        pace.add([change(second + 1, LARGEST_BATCH)])
        assert pace.wait(now=second) == 0
        pace.take(now=second)


def test_a_burst_goes_out_at_the_pace() -> None:
    pace = Pace()
    pace.add(change(seq, LARGEST_BATCH) for seq in range(1, 5))
    now, times = 0.0, []
    while len(pace):
        now += pace.wait(now)
        times.append(now)
        pace.take(now)

    assert times == pytest.approx([0, 0, BATCH_EVERY, 2 * BATCH_EVERY])


def test_more_than_a_process_should_hold_goes_out_without_a_wait() -> None:
    pace = Pace()
    pace.add(change(seq, LARGEST_BATCH) for seq in range(1, MOST_WAITING + 12))
    waits = []
    for _ in range(12):
        waits.append(pace.wait(now=0))
        pace.take(now=0)

    assert waits[:11] == [0] * 11
    assert waits[11] > 0
