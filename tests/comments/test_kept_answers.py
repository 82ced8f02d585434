"""Answers of the history are kept for the many who ask the same; strangers can't fill anything with them."""

import time

import pytest
from django.core.cache import cache
from django.test import TestCase

from comments.queries.kept import LASTS, MOST, KeptAnswers, answers
from tests.comments.cast import make_alice, make_article, make_bob, post

ADDRESS = "/api/articles/plums/history/"


class Strangers(TestCase):
    def setUp(self) -> None:
        post(make_bob(), make_article(make_alice()))

    def test_an_answer_that_says_to_start_again_is_kept_for_no_number_that_they_make_up(self) -> None:
        for number in range(50):
            made_up = (
                f"after={2 + number}",
                f"after=0&reactions_after={1 + number}",
                f"after=0&epoch=life-{number}",
                f"after=0&limit={1 + number}",
            )
            for query in made_up:
                self.assertEqual(self.client.get(f"{ADDRESS}?{query}").status_code, 200)
        self.assertEqual(answers.size, 0)

    def test_what_they_ask_is_no_key_of_the_projects_cache(self) -> None:
        cache.set("the-projects", "own", None)
        for after in (0, 1):
            self.client.get(ADDRESS, {"after": after})
        self.assertGreater(answers.size, 0)
        self.assertEqual(list(cache._cache), [cache.make_key("the-projects")])  # type: ignore[attr-defined]


def test_what_is_kept_is_bounded_in_bytes_and_the_oldest_go_first() -> None:
    kept = KeptAnswers()
    for number in range(300):
        kept.keep(str(number), b"x" * 100_000)
        assert kept.get("0")  # asked for again and again

    assert kept.size <= MOST
    assert kept.get("299")
    assert kept.get("1") is None
    kept.keep("huge", b"x" * MOST)
    assert kept.get("huge") is None


def test_nothing_is_kept_for_longer_than_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, later = KeptAnswers(), time.monotonic() + LASTS + 1
    kept.keep("plums", b"ripe")
    kept.keep("plums", b"ripe again")
    assert (kept.get("plums"), kept.size) == (b"ripe again", 10)
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert (kept.get("plums"), kept.size) == (None, 0)
