"""Of the readers without a name a few of an address are told apart; whoever makes up more is no crowd."""

from hypothesis import given
from hypothesis import strategies as st

from realtime.presence.departed import LEAVE_GRACE
from realtime.presence.strangers import MOST_IDLE, STRANGERS, Strangers

SCHOOL, OFFICE = "192.0.2.66", "192.0.2.7"


def strangers() -> Strangers:
    return Strangers(lambda network: f"others at {network}")


def test_sockets_that_make_up_their_page_views_are_so_many_readers_and_no_more() -> None:
    known = strangers()
    shown = {known.come(SCHOOL, f"view {number}", 0.0) for number in range(200)}

    assert len(shown) == STRANGERS + 1
    assert known.come(OFFICE, "view of another", 0.0) == "view of another"


def test_connections_that_name_no_page_view_are_one_reader() -> None:
    known = strangers()
    assert {known.come(SCHOOL, None, 0.0) for _ in range(200)} == {f"others at {SCHOOL}"}


def test_a_page_that_is_loaded_anew_is_who_it_was() -> None:
    known = strangers()
    for number in range(STRANGERS):
        known.come(SCHOOL, f"view {number}", 0.0)
    known.go(SCHOOL, "view 3", 1.0)

    assert known.come(SCHOOL, "view 3", 2.0) == "view 3"


def test_who_comes_and_goes_under_ever_new_views_is_not_more_readers_for_it() -> None:
    known = strangers()
    shown: dict[str, float] = {}  # until when each view is shown
    for step in range(400):
        now = step / 20
        view = known.come(SCHOOL, f"view {step}", now)
        known.go(SCHOOL, view, now)
        shown[view] = now + LEAVE_GRACE
        assert sum(until > now for until in shown.values()) <= STRANGERS + 1


@given(st.lists(st.tuples(st.integers(0, 2 * STRANGERS), st.booleans(), st.floats(0, 5)), max_size=200))
def test_a_view_is_told_apart_as_long_as_it_has_a_connection(steps: list[tuple[int, bool, float]]) -> None:
    known, now = strangers(), 0.0
    open_as: dict[str, list[str]] = {}
    for number, comes, pause in steps:
        now += pause
        view = f"view {number}"
        if comes:
            before = set(open_as.get(view, ()))
            shown = known.come(SCHOOL, view, now)
            assert view not in before or shown == view
            open_as.setdefault(view, []).append(shown)
        elif open_as.get(view):
            known.go(SCHOOL, open_as[view].pop(), now)
        apart = {shown for each in open_as.values() for shown in each}
        assert len(apart) <= STRANGERS + 1


def test_what_is_remembered_of_addresses_is_bounded() -> None:
    known = strangers()
    for number in range(5 * MOST_IDLE):
        address = f"2001:db8:{number:x}::"
        known.go(address, known.come(address, "the view", number), number)

    assert len(known) <= MOST_IDLE + 1
