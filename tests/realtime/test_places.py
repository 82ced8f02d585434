"""A full address gives way to newcomers, people come before sockets, and no place goes back and forth."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from comments.attempts import By
from realtime.readers.places import TENURE, Place, Places, Way

PER_ADDRESS, PER_PERSON = 20, 5
RETRY = 120.0  # s after which a page that found no place opens a socket again


@dataclass
class School:
    """Many behind one address."""

    places: Places = field(default_factory=lambda: Places(PER_ADDRESS, PER_PERSON))
    now: float = 0.0
    sent_away: list[Place] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def come(
        self,
        person: str | None = None,
        *,
        view: str | None = "",
        way: Way = Way.SOCKET,
        network: str = "school",
    ) -> Place | None:
        """Somebody comes, on a page view of its own unless one is given; None where there is no place.

        person: members begin with "u", guests with "g".
        """
        by = {None: By.NOBODY, "u": By.MEMBER, "g": By.GUEST}[person and person[0]]
        view = f"view {next(self._numbers)}" if view == "" else view
        place = Place(network, way, view, lambda: self.sent_away.append(place), person, by)
        return place if self.places.take(place, self.now) else None

    def fill(self, *, view: str | None = "", way: Way = Way.SOCKET) -> None:
        """Somebody takes all that is left, without a name."""
        while len(self.places) < PER_ADDRESS:
            assert self.come(view=view, way=way)

    def has(self, place: Place | None) -> bool:
        return place in self.places.at("school")


def test_all_places_taken_by_one_holder_keep_no_person_out() -> None:
    school = School()
    school.fill()
    people = [school.come(f"{kind}{number}") for number in range(PER_ADDRESS // 2) for kind in "ug"]

    assert all(school.has(place) for place in people)
    assert len(school.places) == PER_ADDRESS


def test_page_views_that_are_made_up_yield_to_other_readers_without_a_name_in_time() -> None:
    school = School()
    school.fill()
    assert school.come() is None
    school.now = TENURE
    readers = [school.come() for _ in range(5)]
    assert all(school.has(place) for place in readers)


def test_connections_that_name_no_page_view_yield_to_those_that_do_at_once() -> None:
    school = School()
    school.fill(view=None)
    readers = [school.come() for _ in range(5)]

    assert all(school.has(place) for place in readers)
    assert school.come(view=None) is None


def test_a_question_that_waits_makes_room_for_everybody_and_takes_nobodys_place() -> None:
    school = School()
    school.fill(way=Way.POLLING)
    assert school.come() is not None
    assert school.come(way=Way.STREAM) is not None
    assert school.come("u1", way=Way.POLLING) is None


def test_a_page_that_connects_anew_takes_the_place_of_its_lost_connection() -> None:
    school = School()
    before = school.come("u1", view="the page")
    for number in range(PER_ADDRESS - 1):
        school.come(f"u{number + 2}")
    after = school.come("u1", view="the page")

    assert school.has(after)
    assert school.sent_away == [before]


def test_the_oldest_connection_of_a_person_gives_way_to_the_newest() -> None:
    school = School()
    tabs = [school.come("u1") for _ in range(PER_PERSON)]
    elsewhere = school.come("u1", network="at home")

    assert school.sent_away == [tabs[0]]
    assert elsewhere is not None
    assert school.come("u1", way=Way.STREAM) is None


def test_a_person_who_finds_no_place_costs_themselves_none() -> None:
    school = School()
    tabs = [school.come("u1", network="at home") for _ in range(PER_PERSON)]
    for number in range(PER_ADDRESS):
        school.come(f"u{number + 2}")

    assert school.come("u1") is None
    assert school.sent_away == []
    assert len(tabs) == PER_PERSON


def test_who_gives_a_name_counts_as_that_person_from_then_on() -> None:
    school = School()
    readers = [place for _ in range(PER_PERSON + 1) if (place := school.come())]
    for place in readers:
        assert school.places.recognise(place, "g1", By.GUEST)
    assert school.sent_away == readers[:1]

    assert school.places.recognise(readers[1], None, By.NOBODY)
    assert school.come("g1") is not None
    assert school.sent_away == readers[:1]


# Who comes, and on which way; the hostile one makes up what they like.
arrivals = st.lists(
    st.tuples(
        st.sampled_from([None, None, "g1", "g2", "g3", "u1", "u2"]),
        st.sampled_from(["", "", None, "the page"]),
        st.sampled_from(list(Way)),
        st.booleans(),
    ),
    max_size=120,
)


@given(arrivals)
def test_as_long_as_there_are_fewer_people_than_places_each_of_them_has_one(
    made: list[tuple[str | None, str | None, Way, bool]],
) -> None:
    school, present = School(), set()
    for person, view, way, is_later in made:
        school.now += TENURE / 4 * is_later
        school.come(person, view=view, way=way)
        if person is not None and way is not Way.POLLING:
            present.add(person)

        held = [place.person for place in school.places.at("school") if place.way is not Way.POLLING]
        assert present <= set(held)
        assert len(school.places) <= PER_ADDRESS
        assert all(held.count(person) <= PER_PERSON for person in present)


@given(arrivals)
def test_in_the_end_nothing_is_remembered(made: list[tuple[str | None, str | None, Way, bool]]) -> None:
    school = School()
    came = [school.come(person, view=view, way=way) for person, view, way, _ in made]
    for place in filter(None, came):
        school.places.leave(place)

    assert len(school.places) == 0
    assert vars(school.places)["_at"] == vars(school.places)["_of"] == {}


@given(st.lists(st.sampled_from(["u", "g"]), min_size=PER_ADDRESS + 5, max_size=PER_ADDRESS + 5))
def test_more_people_than_places_do_not_send_each_other_away(kinds: list[str]) -> None:
    school = School()
    people = [f"{kind}{number}" for number, kind in enumerate(kinds)]
    for _ in range(30):  # whoever has no place tries again and again, on every way, as a page does
        for person in people:
            for way in (Way.SOCKET, Way.STREAM, Way.POLLING):
                if all(place.person != person for place in school.places.at("school")):
                    school.come(person, way=way)

    # Only a member is let in for a guest, and then once for all.
    assert len(school.sent_away) <= kinds.count("u")
    members = {person for person in people if person[0] == "u"}
    held = {place.person for place in school.places.at("school")}
    assert members <= held or held <= members


def test_more_readers_without_a_name_than_places_take_turns_slowly() -> None:
    school, hours = School(), 2
    away: dict[str, float] = {f"reader {number}": 0.0 for number in range(PER_ADDRESS + 5)}
    while school.now < hours * 3600:
        for view in [view for view, at in away.items() if at <= school.now]:
            if school.come(view=view):
                del away[view]
            else:
                away[view] = school.now + RETRY
        for place in school.sent_away[:]:
            school.sent_away.remove(place)
            assert school.now - place.since >= TENURE
            assert school.come(view=place.view, way=Way.STREAM) is None
            away[place.view or ""] = school.now + RETRY
        school.now += 10
