"""Limits on rates: token buckets with the clock passed in, and the answers to a flood."""

import threading
import time
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client, TestCase, override_settings
from rest_framework.authtoken.models import Token

from comments import rates
from comments.errors import CommentError
from comments.models import Comment
from comments.queries import get_thread
from comments.rates import (
    COMMENTS_PER_ADDRESS,
    COMMENTS_PER_AUTHOR,
    LOGINS_PER_NAME,
    Rate,
    TokenBucket,
    check_rate,
    forget_rate,
    network_of,
)
from comments.services import post_comment
from config.cache import outage
from tests.comments.cast import GWEN, author, make_alice, make_article, make_bob, post
from tests.comments.threads import all_at_once
from tests.services.ports import free_port

TWO_AND_ONE_EACH_SECOND = Rate(capacity=2, per_second=1)
NOW = 1000.0  # s


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock: on a slow machine a bucket would fill during a flood. Tests move the clock."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


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


def test_a_refused_try_costs_nothing() -> None:
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


@override_settings(COMMENTS_RATE_LIMITS=True)
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


@pytest.fixture(params=["in memory", "on Redis", "on a Redis that is away"])
def _any_cache(request: pytest.FixtureRequest, settings: Any) -> None:
    """Each cache that the site may count in. An outage that a test begins is over with the test."""
    settings.COMMENTS_RATE_LIMITS = True
    if request.param != "in memory":
        away = request.param != "on Redis"
        url = f"redis://127.0.0.1:{free_port()}/0" if away else request.getfixturevalue("redis_url")
        settings.CACHES = {"default": {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": url}}
        request.addfinalizer(outage.end)


def admits(who: str, rate: Rate) -> bool:
    try:
        check_rate("test", who, rate)
    except CommentError:
        return False
    return True


def admitted_of_forty_at_once(who: str) -> int:
    start = threading.Barrier(40)

    def come() -> bool:
        start.wait()
        return admits(who, LOGINS_PER_NAME)

    return sum(all_at_once([come] * 40))


@pytest.mark.usefixtures("_any_cache")
def test_however_many_come_at_once_as_many_as_a_burst_get_through() -> None:
    assert admitted_of_forty_at_once(uuid.uuid4().hex) == LOGINS_PER_NAME.capacity


@pytest.mark.usefixtures("_any_cache")
def test_however_many_come_at_once_after_a_pause_no_more_than_a_burst_get_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who, later = uuid.uuid4().hex, time.time() + 4 / LOGINS_PER_NAME.per_second
    assert admits(who, LOGINS_PER_NAME)
    monkeypatch.setattr(time, "time", lambda: later)

    assert 0 < admitted_of_forty_at_once(who) <= LOGINS_PER_NAME.capacity


@pytest.mark.usefixtures("_any_cache")
def test_they_get_through_again_in_time_and_no_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    who, begun, step = uuid.uuid4().hex, time.time(), 1 / LOGINS_PER_NAME.per_second
    through = []
    for steps in (0, 0.9, 1.1, 1.9, 2.1, 7.5):
        monkeypatch.setattr(time, "time", lambda now=begun + steps * step: now)
        through.append(sum(admits(who, LOGINS_PER_NAME) for _ in range(20)))

    assert through == [6, 0, 1, 0, 1, 5]


@pytest.mark.usefixtures("_any_cache")
def test_a_pause_saves_up_no_more_than_a_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    who, begun = uuid.uuid4().hex, time.time()
    assert admits(who, LOGINS_PER_NAME)
    monkeypatch.setattr(time, "time", lambda: begun + LOGINS_PER_NAME.capacity / LOGINS_PER_NAME.per_second)

    assert sum(admits(who, LOGINS_PER_NAME) for _ in range(20)) == LOGINS_PER_NAME.capacity


class Overtaken(LocMemCache):
    """A cache in which another request comes between the first one's reading and writing."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        value = super().get(key, default, version)
        if super().add("overtaken", 1):
            assert admits("alice", LOGINS_PER_NAME)
        return value


@override_settings(
    COMMENTS_RATE_LIMITS=True,
    CACHES={"default": {"BACKEND": f"{__name__}.Overtaken", "LOCATION": "overtaken"}},
)
def test_two_who_come_at_once_after_a_pause_spend_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert admits("alice", LOGINS_PER_NAME)
    later = time.time() + 4 / LOGINS_PER_NAME.per_second
    monkeypatch.setattr(time, "time", lambda: later)

    assert sum(admits("alice", LOGINS_PER_NAME) for _ in range(20)) == LOGINS_PER_NAME.capacity - 1
    cache.clear()


@pytest.mark.usefixtures("_any_cache")
def test_the_last_of_a_burst_may_have_read_an_earlier_time_than_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    who, now = uuid.uuid4().hex, time.time()
    for _ in range(int(LOGINS_PER_NAME.capacity)):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        assert admits(who, LOGINS_PER_NAME)
        now -= 0.1


@pytest.mark.usefixtures("_any_cache")
def test_forgetting_gives_the_whole_burst_back() -> None:
    who = uuid.uuid4().hex
    for _ in range(2):
        assert sum(admits(who, LOGINS_PER_NAME) for _ in range(20)) == LOGINS_PER_NAME.capacity
        forget_rate("test", who)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_the_addresses_that_one_host_may_choose_from_count_as_one(address: str, counted_as: str) -> None:
    assert network_of(address) == counted_as


class Floods(TestCase):
    def setUp(self) -> None:
        self.enterContext(override_settings(COMMENTS_RATE_LIMITS=True))
        self.bob = make_bob()
        self.article = make_article(make_alice())

    def test_a_flood_of_comments_is_refused_and_says_when_to_go_on(self) -> None:
        for n in range(int(COMMENTS_PER_AUTHOR.capacity)):
            post(self.bob, self.article, f"Number {n}.")
        with self.assertRaises(CommentError) as raised:
            post(self.bob, self.article)
        self.assertEqual((raised.exception.code, raised.exception.reason), (429, "rate_limited"))
        self.assertGreater(raised.exception.retry_after or 0, 0)
        post(GWEN, self.article)  # another author is not refused

    def test_it_goes_on_when_the_wait_is_over(self) -> None:
        for n in range(int(COMMENTS_PER_AUTHOR.capacity)):
            post(self.bob, self.article, f"Number {n}.")
        key = f"rate:comment:u{self.bob.pk}"
        cache.decr(key, round(1000 / COMMENTS_PER_AUTHOR.per_second))  # as if all was so long ago
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

    def test_one_ipv6_network_is_limited_as_one_address(self) -> None:
        def post_from(address: str, n: int) -> None:
            post(type(GWEN)(f"g{n:032}", f"Guest {n}", "guest"), self.article, address=address)

        for n in range(int(COMMENTS_PER_ADDRESS.capacity)):
            post_from(f"2001:db8::{n:x}", n)
        with self.assertRaises(CommentError):
            post_from("2001:db8::ffff", 1000)
        post_from("2001:db8:0:1::", 1001)

    def test_a_retry_of_what_is_stored_is_not_counted(self) -> None:
        ref = uuid.uuid4()
        for _ in range(3 * int(COMMENTS_PER_AUTHOR.capacity)):
            post_comment(author=author(self.bob), thread=get_thread(self.article), content="Once.", ref=ref)
        self.assertEqual(Comment.objects.count(), 1)

    def test_what_is_refused_for_its_text_is_not_counted(self) -> None:
        for _ in range(3 * int(COMMENTS_PER_AUTHOR.capacity)):
            with self.assertRaises(CommentError) as raised:
                post(self.bob, self.article, "")
            self.assertEqual(raised.exception.reason, "blank")
        post(self.bob, self.article)

    def test_the_setting_lifts_every_limit(self) -> None:
        with override_settings(COMMENTS_RATE_LIMITS=False):
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

    def test_names_are_limited_by_ipv6_network(self) -> None:
        form = {"content": "!", "ref": str(uuid.uuid4())}
        for n in range(int(rates.NAMES_PER_ADDRESS.capacity)):
            self.client.post("/articles/plums/comments/", form | {"name": ""}, REMOTE_ADDR=f"2001:db8::{n:x}")
        self.client.get("/articles/plums/")
        csrf = {"X-CSRFToken": self.client.cookies["csrftoken"].value}
        posted = self.client.post(
            "/articles/plums/comments/", form | {"name": "Zoe"}, REMOTE_ADDR="2001:db8::f"
        )
        named = self.client.post(
            "/api/guest/", {"name": "Zoe"}, "application/json", headers=csrf, REMOTE_ADDR="2001:db8::f"
        )
        self.assertEqual((posted.status_code, named.status_code), (429, 429))

    def test_names_and_logins_are_limited_by_address(self) -> None:
        for rate in (rates.NAMES_PER_ADDRESS, rates.LOGINS_PER_ADDRESS):
            self.assertLessEqual(rate.per_second, 1)
        newcomers = int(rates.NAMES_PER_ADDRESS.capacity)
        codes = [self.name(Client(), f"Guest {n}").status_code for n in range(newcomers)]
        refused = self.name(Client(), "One Too Many")
        self.assertEqual((set(codes), refused.status_code), ({200}, 429))
        self.assertIn("Many people are writing from your network.", refused.json()["message"])

    def test_a_guest_who_takes_name_after_name_keeps_no_newcomer_out(self) -> None:
        client = Client()
        codes = [self.name(client, f"Guest {n}").status_code for n in range(20)]
        self.assertEqual(codes, [200] * 11 + [429] * 9)
        self.assertEqual(self.name(Client(), "Newcomer").status_code, 200)

    def test_guests_who_are_made_up_keep_no_member_from_writing(self) -> None:
        for n in range(int(COMMENTS_PER_ADDRESS.capacity)):
            post(type(GWEN)(f"g{n:032}", f"Guest {n}", "guest"), self.article, address="192.0.2.7")
        with self.assertRaises(CommentError) as raised:
            post(GWEN, self.article, address="192.0.2.7")
        self.assertIn("Many people are writing", raised.exception.message)
        post(self.bob, self.article, address="192.0.2.7")

    @staticmethod
    def name(client: Client, name: str) -> Any:
        client.get("/articles/plums/")
        csrf = {"X-CSRFToken": client.cookies["csrftoken"].value}
        return client.post("/api/guest/", {"name": name}, "application/json", headers=csrf)
