"""Limits on rates: token buckets with the clock passed in."""

import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import override_settings

from comments.errors import CommentError
from comments.rate_store import OwnCount, own_count
from comments.rates import (
    LOGINS_PER_NAME,
    Rate,
    TokenBucket,
    check_address,
    check_rate,
    forget_rate,
    network_of,
)
from config.cache import ForgivingRedisCache, outage
from tests.comments.threads import all_at_once
from tests.services.ports import free_port

pytestmark = pytest.mark.usefixtures("stopped_clock")


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


class Overtaken(ForgivingRedisCache):
    """A cache in which another request comes between the first one's reading and writing."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        value = super().get(key, default, version)
        if super().add("overtaken", 1):
            assert admits("alice", LOGINS_PER_NAME)
        return value


@override_settings(COMMENTS_RATE_LIMITS=True)
def test_two_who_come_at_once_after_a_pause_spend_it_once(
    monkeypatch: pytest.MonkeyPatch, settings: Any, redis_url: str
) -> None:
    kept = {"LOCATION": redis_url, "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.Overtaken", **kept}}
    assert admits("alice", LOGINS_PER_NAME)
    later = time.time() + 4 / LOGINS_PER_NAME.per_second
    monkeypatch.setattr(time, "time", lambda: later)

    assert sum(admits("alice", LOGINS_PER_NAME) for _ in range(20)) == LOGINS_PER_NAME.capacity - 1


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


@pytest.mark.usefixtures("_any_cache")
def test_an_ipv6_network_may_as_much_as_some_of_its_parts_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, what, rate = time.time(), uuid.uuid4().hex, Rate(capacity=2, per_second=0.001)
    monkeypatch.setattr(time, "time", lambda: now)

    def admitted(addresses: list[str]) -> int:
        return sum(passes(address) for address in addresses for _ in range(5))

    def passes(address: str) -> bool:
        try:
            check_address(what, address, rate)
        except CommentError:
            return False
        return True

    assert admitted([f"2001:db8:0:{number:x}::1" for number in range(10)]) == 2 * 4  # of a /56
    assert admitted([f"2001:db8:0:{number:x}00::1" for number in range(1, 30)]) == 2 * (16 - 4)  # of the /48
    assert admitted(["2001:db8:1::1", "192.0.2.7", "192.0.2.8"]) == 2 * 3


def check_it_stays_locked_while(crowd: Callable[[int], object]) -> None:
    """Use up somebody's tries, let 12,000 others come, and see that there are no new tries."""
    assert sum(admits("locked", LOGINS_PER_NAME) for _ in range(20)) == LOGINS_PER_NAME.capacity
    for number in range(12_000):
        crowd(number)
    assert not admits("locked", LOGINS_PER_NAME)


@override_settings(COMMENTS_RATE_LIMITS=True)
def test_what_fills_the_cache_frees_nobody_who_has_to_wait() -> None:
    check_it_stays_locked_while(lambda number: cache.set(f"history:{number}", b"an answer"))


@override_settings(COMMENTS_RATE_LIMITS=True)
def test_a_crowd_of_new_names_frees_nobody_who_has_to_wait() -> None:
    check_it_stays_locked_while(lambda number: admits(f"name-{number}", LOGINS_PER_NAME))


@override_settings(COMMENTS_RATE_LIMITS=True)
@pytest.mark.parametrize("kind", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_a_cache_that_forgets_is_not_counted_in(kind: str, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": f"django.core.cache.backends.{kind}", "OPTIONS": {"MAX_ENTRIES": 1}}
    }
    check_it_stays_locked_while(lambda number: number % 100 or admits(f"name-{number}", LOGINS_PER_NAME))


def test_a_project_names_the_cache_that_rates_are_counted_in(settings: Any, redis_url: str) -> None:
    there = {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": redis_url,
        "KEY_PREFIX": uuid.uuid4().hex,
    }
    settings.CACHES = {**settings.CACHES, "rates": there}
    settings.COMMENTS_RATES_CACHE, settings.COMMENTS_RATE_LIMITS = "rates", True
    assert admits("alice", TWO_AND_ONE_EACH_SECOND)

    assert caches["rates"].get("rate:test:alice")
    assert len(own_count) == 0


def test_where_there_is_no_room_those_go_who_would_soonest_be_free(monkeypatch: pytest.MonkeyPatch) -> None:
    count, begun = OwnCount(most=100), time.time()
    for number in range(5_000):
        assert count.wait(f"quick-{number}", TWO_AND_ONE_EACH_SECOND) == 0
        if number < 10:
            while not count.wait(f"slow-{number}", LOGINS_PER_NAME):
                pass

    assert len(count) <= 100
    assert all(count.wait(f"slow-{number}", LOGINS_PER_NAME) > 0 for number in range(10))
    monkeypatch.setattr(time, "time", lambda: begun + 24 * 3600)
    for number in range(100):
        count.wait(f"next-day-{number}", TWO_AND_ONE_EACH_SECOND)
    assert all(count.wait(f"slow-{number}", LOGINS_PER_NAME) == 0 for number in range(10))
