"""When the readers of a room are told of reactions: at once after a pause, and then once a second."""

from __future__ import annotations

from realtime.rooms.reaction_news import ReactionNews


def news(known: int = 0) -> ReactionNews:
    news = ReactionNews(on_told=lambda: None)
    news.start(known)
    return news


def test_nothing_is_due_before_something_is_heard() -> None:
    assert not news().is_due(100.0)


def test_the_first_after_a_pause_is_due_at_once_and_the_next_a_second_later() -> None:
    each = news()
    each.hear(1)
    assert each.is_due(100.0)
    each.begin(100.0)
    each.tell(1)
    each.end()
    each.hear(5)
    assert not each.is_due(100.9)
    assert each.is_due(101.0)


def test_what_is_known_already_is_not_due() -> None:
    each = news(known=7)
    each.hear(7)
    assert not each.is_due(100.0)
    each.hear(8)
    each.hear(3)
    assert each.is_due(100.0)


def test_one_look_at_a_time() -> None:
    each = news()
    each.hear(1)
    each.begin(100.0)
    assert not each.is_due(200.0)
    each.end()
    assert each.is_due(200.0)


def test_what_could_not_be_read_is_due_again() -> None:
    each = news()
    each.hear(1)
    each.begin(100.0)
    each.end()
    assert not each.is_due(100.5)
    assert each.is_due(101.0)


def test_a_part_leaves_the_rest_due() -> None:
    each = news()
    each.hear(900)
    each.begin(100.0)
    each.tell(500)
    each.end()
    assert each.is_due(101.0)


def test_who_waits_is_told() -> None:
    told: list[int] = []
    each = ReactionNews(on_told=lambda: told.append(each.known))
    assert not each.is_past(0)
    each.tell(2)
    assert told == [2]
    assert (each.is_past(1), each.is_past(2), each.is_past(None)) == (True, False, False)
