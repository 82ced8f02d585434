"""How often somebody may write: token buckets with the clock passed in, and what a flood is told."""

import uuid

import pytest
from django.core.cache import cache
from django.test import Client, TestCase, override_settings
from rest_framework.authtoken.models import Token

from comments import rates
from comments.errors import CommentError
from comments.models import Comment
from comments.rates import COMMENTS_PER_ADDRESS, COMMENTS_PER_AUTHOR, Rate, TokenBucket, check_rate
from comments.services import post_comment
from tests.comments.cast import GWEN, author, make_alice, make_article, make_bob, post

TWO_AND_ONE_EACH_SECOND = Rate(capacity=2, per_second=1)
NOW = 1000.0  # s


def full() -> TokenBucket:
    return TokenBucket.full(TWO_AND_ONE_EACH_SECOND, NOW)


def test_a_full_bucket_allows_a_burst_and_no_more() -> None:
    bucket = full()
    assert [bucket.take(NOW) for _ in range(3)] == [0, 0, 1]


def test_it_says_how_long_until_the_next() -> None:
    bucket = full()
    for _ in range(2):
        bucket.take(NOW)
    assert bucket.take(NOW + 0.25) == pytest.approx(0.75)
    assert bucket.take(NOW + 1) == 0


def test_asking_in_vain_costs_nothing() -> None:
    bucket = full()
    for _ in range(50):
        bucket.take(NOW)
    assert bucket.take(NOW + 1) == 0


def test_it_never_holds_more_than_its_capacity() -> None:
    bucket = full()
    assert [bucket.take(NOW + 3600) for _ in range(3)] == [0, 0, 1]


def test_a_clock_that_was_set_back_gives_nothing_and_breaks_nothing() -> None:
    bucket = full()
    assert [bucket.take(NOW - 60) for _ in range(3)] == [0, 0, 1]


def test_in_the_long_run_the_rate_holds() -> None:
    bucket = full()
    taken = sum(bucket.take(NOW + step / 10) == 0 for step in range(101))  # 10 s
    assert taken == 2 + 10


@override_settings(RATE_LIMITS=True)
def test_each_author_has_a_bucket_of_their_own() -> None:
    for _ in range(2):
        check_rate("test", "alice", TWO_AND_ONE_EACH_SECOND)
    with pytest.raises(CommentError) as raised:
        check_rate("test", "alice", TWO_AND_ONE_EACH_SECOND)
    check_rate("test", "bob", TWO_AND_ONE_EACH_SECOND)
    check_rate("other", "alice", TWO_AND_ONE_EACH_SECOND)

    error = raised.value
    assert (error.code, error.reason) == (429, "rate_limited")
    assert error.retry_after is not None
    assert 0 < error.retry_after <= 1


class Floods(TestCase):
    def setUp(self) -> None:
        self.enterContext(override_settings(RATE_LIMITS=True))
        self.bob = make_bob()
        self.article = make_article(make_alice())

    def test_a_flood_of_comments_is_refused_and_says_when_to_go_on(self) -> None:
        for n in range(int(COMMENTS_PER_AUTHOR.capacity)):
            post(self.bob, self.article, f"Number {n}.")
        with self.assertRaises(CommentError) as raised:
            post(self.bob, self.article)
        self.assertEqual((raised.exception.code, raised.exception.reason), (429, "rate_limited"))
        self.assertGreater(raised.exception.retry_after or 0, 0)
        post(GWEN, self.article)  # somebody else

    def test_it_goes_on_when_the_wait_is_over(self) -> None:
        for n in range(int(COMMENTS_PER_AUTHOR.capacity)):
            post(self.bob, self.article, f"Number {n}.")
        key = f"rate:comment:u{self.bob.pk}"
        tokens, filled_at = cache.get(key)
        cache.set(key, (tokens, filled_at - 1 / COMMENTS_PER_AUTHOR.per_second))  # as if it was so long ago
        post(self.bob, self.article, "At last.")

    def test_one_address_is_limited_whatever_names_it_gives(self) -> None:
        def from_one_address(n: int, content: str = "Hello.") -> None:
            guest = type(GWEN)(f"g{n:032}", f"Guest {n}", "guest")
            post(guest, self.article, content, address="192.0.2.7")

        for n in range(int(COMMENTS_PER_ADDRESS.capacity)):
            from_one_address(n)
        with self.assertRaises(CommentError):
            from_one_address(1000)
        post(GWEN, self.article, address="192.0.2.8")

    def test_a_retry_of_what_is_stored_is_not_counted(self) -> None:
        ref = uuid.uuid4()
        for _ in range(3 * int(COMMENTS_PER_AUTHOR.capacity)):
            post_comment(author=author(self.bob), article=self.article, content="Once.", ref=ref)
        self.assertEqual(Comment.objects.count(), 1)

    def test_what_is_refused_for_its_text_is_not_counted(self) -> None:
        for _ in range(3 * int(COMMENTS_PER_AUTHOR.capacity)):
            with self.assertRaises(CommentError) as raised:
                post(self.bob, self.article, "")
            self.assertEqual(raised.exception.reason, "blank")
        post(self.bob, self.article)

    def test_the_setting_lifts_every_limit(self) -> None:
        with override_settings(RATE_LIMITS=False):
            for n in range(2 * int(COMMENTS_PER_ADDRESS.capacity)):
                post(self.bob, self.article, f"Number {n}.", address="192.0.2.7")

    def test_over_http_the_answer_has_a_header_for_it(self) -> None:
        headers = {"Authorization": f"Token {Token.objects.create(user=self.bob).key}"}
        for n in range(int(COMMENTS_PER_AUTHOR.capacity) + 1):
            body = {"content": f"Number {n}.", "ref": str(uuid.uuid4())}
            answer = Client().post("/api/articles/plums/comments/", body, "application/json", headers=headers)
        self.assertEqual((answer.status_code, answer.json()["reason"]), (429, "rate_limited"))
        self.assertIn(answer["Retry-After"], ("1", "2"))
        self.assertGreater(answer.json()["retry_after"], 0)

    def test_names_and_logins_are_limited_by_address(self) -> None:
        for rate in (rates.NAMES_PER_ADDRESS, rates.LOGINS_PER_ADDRESS):
            self.assertLess(rate.per_second, 1)
        client = Client(enforce_csrf_checks=True)
        client.get("/articles/plums/")
        csrf = {"X-CSRFToken": client.cookies["csrftoken"].value}
        codes = [
            client.post("/api/guest/", {"name": f"Guest {n}"}, "application/json", headers=csrf).status_code
            for n in range(int(rates.NAMES_PER_ADDRESS.capacity) + 1)
        ]
        self.assertEqual((set(codes[:-1]), codes[-1]), ({200}, 429))
