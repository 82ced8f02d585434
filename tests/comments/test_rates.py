"""Limits on rates: token buckets with the clock passed in."""

import threading
import time
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.test import override_settings

from comments.errors import CommentError
from comments.rates import (
    LOGINS_PER_NAME,
    Rate,
    TokenBucket,
    check_address,
    check_rate,
    forget_rate,
    network_of,
)
from config.cache import outage
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
