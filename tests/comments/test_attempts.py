"""What is refused is not free: an address that goes on is answered before anything is done for it."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.authtoken.models import Token

from comments import attempts
from comments.attempts import REFUSAL, Attempts
from comments.models import Comment
from comments.rates import Rate
from tests.comments.cast import make_alice, make_article, make_bob

RATE = Rate(capacity=20, per_second=2)
HOSTILE, HONEST = "192.0.2.66", "192.0.2.7"
COMMENTS = "/api/articles/plums/comments/"

tries = st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=200)  # s since the last, is it refused


@given(tries)
def test_no_more_is_tried_than_the_rate_allows_and_the_less_the_more_is_refused(
    made: list[tuple[float, bool]],
) -> None:
    counted, now, begun, refused = Attempts(RATE), 0.0, 0, 0
    for pause, is_refused in made:
        now += pause
        if counted.begin("somebody", now) == 0:
            begun += 1
            if is_refused:
                refused += 1
                counted.refused("somebody", now)

        # The last refusal may take what is not there any more.
        assert begun + REFUSAL * (refused - 1) <= RATE.capacity + RATE.per_second * now + 1e-6
        assert counted.wait("somebody else", now) == 0


@given(tries)
def test_the_wait_that_is_told_is_long_enough_and_asking_costs_nothing(
    made: list[tuple[float, bool]],
) -> None:
    counted, now = Attempts(RATE), 0.0
    for pause, is_refused in made:
        now += pause
        wait = counted.wait("somebody", now)
        assert wait == counted.wait("somebody", now) == counted.begin("somebody", now)
        if is_refused:
            counted.refused("somebody", now)
    assert counted.begin("somebody", now + counted.wait("somebody", now) + 1e-6) == 0


def test_any_number_of_addresses_takes_a_bounded_memory() -> None:
    counted = Attempts(RATE, most_known=100)
    for number in range(1000):
        counted.begin("who comes again and again", 0.0)
        counted.begin(f"address {number}", 0.0)

    assert len(counted) == 100
    assert counted.wait("who comes again and again", 0.0) > 0


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """So few that a test needs only some requests; none come back while it runs."""
    settings.COMMENTS_RATE_LIMITS = True
    monkeypatch.setattr(attempts, "attempts", Attempts(Rate(capacity=8, per_second=0.001)))


@pytest.fixture
def bob(db: None) -> User:
    make_article(make_alice())
    return make_bob()


def token_of(user: User) -> dict[str, str]:
    return {"Authorization": f"Token {Token.objects.create(user=user).key}"}


def comment() -> dict[str, str]:
    return {"content": "Hello.", "ref": str(uuid.uuid4())}


def statuses(count: int, address: str, path: str, **request: Any) -> list[int]:
    client = Client(REMOTE_ADDR=address)
    if "data" in request:
        return [
            client.post(path, content_type="application/json", **request).status_code for _ in range(count)
        ]
    return [client.get(path, **request).status_code for _ in range(count)]


REFUSED: dict[str, tuple[str, dict[str, Any], int]] = {
    "junk for a token": (COMMENTS, {"headers": {"Authorization": f"Token {'0' * 40}"}}, 401),
    "a wrong question": ("/api/articles/plums/history/?after=junk", {}, 400),
    "what is not there": ("/api/articles/never/history/?after=0", {}, 404),
    "a comment by nobody": (COMMENTS, {"data": comment()}, 401),
    "a forged request": ("/api/guest/", {"data": {"name": "Gwen"}}, 403),
}


@pytest.mark.parametrize("what", REFUSED)
def test_who_is_refused_again_and_again_is_answered_without_a_query(
    bob: User, django_assert_num_queries: Any, what: str
) -> None:
    path, request, code = REFUSED[what]
    if code == 403:
        path_client = Client(REMOTE_ADDR=HOSTILE, enforce_csrf_checks=True)
        answers = [path_client.post(path, request["data"], "application/json").status_code for _ in range(4)]
    else:
        answers = statuses(4, HOSTILE, path, **request)
    assert answers[0] == code
    assert answers[-1] == 429

    with django_assert_num_queries(0):
        answer = Client(REMOTE_ADDR=HOSTILE).get("/api/articles/plums/history/?after=0")
    assert (answer.status_code, answer.json()["reason"]) == (429, "rate_limited")
    assert int(answer["Retry-After"]) > 0
    assert statuses(1, HONEST, "/api/articles/plums/history/?after=0") == [200]


def test_members_who_are_refused_keep_no_stranger_from_reading(bob: User) -> None:
    refused = {"data": {**comment(), "content": " "}, "headers": token_of(bob)}

    assert statuses(3, HOSTILE, COMMENTS, **refused) == [422, 422, 429]
    assert statuses(3, HOSTILE, "/api/articles/plums/history/?after=0") == [200] * 3


def test_the_plain_form_counts_too_and_lets_its_author_go_back_to_their_words(bob: User) -> None:
    client = Client(REMOTE_ADDR=HOSTILE)
    form = {"content": " ", "ref": str(uuid.uuid4())}
    answers = [client.post("/articles/plums/comments/", form) for _ in range(3)]

    assert [answer.status_code for answer in answers[:2]] != [429, 429]
    assert answers[-1].status_code == 429
    assert answers[-1]["Content-Type"].startswith("text/plain")
    assert Client(REMOTE_ADDR=HONEST).post("/articles/plums/comments/", form).status_code != 429


def test_what_is_done_costs_members_one_token_each(bob: User) -> None:
    answers = statuses(3, HONEST, COMMENTS, data=comment(), headers=token_of(bob))

    assert answers == [201, 200, 200]
    assert Comment.objects.count() == 1


@override_settings(COMMENTS_RATE_LIMITS=False)
def test_without_limits_nothing_counts(bob: User) -> None:
    assert statuses(20, HOSTILE, "/api/articles/never/history/?after=0") == [404] * 20
