"""The cache on Redis holds values while Redis answers, and holds nothing while it does not."""

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from config.cache import ForgivingRedisCache, outage
from tests.services.ports import free_port
from tests.services.redis import RedisServer

HASTY, PATIENT = 0.2, 30.0  # s to wait for a Redis that hangs, and for one that has to answer


@pytest.fixture(autouse=True)
def _no_outage() -> Iterator[None]:
    """End the outage that one test began before the next one begins."""
    outage.end()
    yield
    outage.end()


def cache_at(url: str, patience: float = PATIENT) -> ForgivingRedisCache:
    """A cache with a client of its own for each patience: clients are kept by their address."""
    options = {"socket_timeout": patience, "socket_connect_timeout": patience}
    return ForgivingRedisCache(f"{url}?socket_timeout={patience}", {"OPTIONS": options})


def hasty_cache_at(url: str) -> ForgivingRedisCache:
    """A cache that has a connection, and will not wait for an answer on it."""
    cache = cache_at(url, HASTY)
    cache.get("plums")
    outage.end()  # which a machine that is slow at this moment may have begun
    return cache


def check_it_holds_nothing(cache: ForgivingRedisCache) -> None:
    assert not cache.add("figs", 3)
    with pytest.raises(ValueError, match="figs"):
        cache.incr("figs")
    assert not cache.touch("figs", 60)
    cache.set("plums", 3)
    assert cache.get("plums") is None
    assert cache.get("plums", 7) == 7
    cache.set_many({"plums": 3})
    assert cache.get_many(["plums"]) == {}
    assert cache.delete("plums") is False


def test_it_remembers_while_redis_runs(redis_url: str) -> None:
    cache = cache_at(redis_url)
    cache.set("plums", b"ripe", timeout=60)

    assert cache.get("plums") == b"ripe"
    cache.set_many({"pears": 5})
    assert cache.get_many(["plums", "pears", "figs"]) == {"plums": b"ripe", "pears": 5}
    assert cache.delete("plums") is True
    assert cache.get("plums") is None


def test_it_counts_while_redis_runs(redis_url: str) -> None:
    cache = cache_at(redis_url)
    cache.delete("pears")

    assert (cache.add("pears", 5, timeout=60), cache.add("pears", 6, timeout=60)) == (True, False)
    assert (cache.incr("pears", 2), cache.incr("pears", -1)) == (7, 6)
    assert (cache.touch("pears", 60), cache.touch("quinces", 60)) == (True, False)
    with pytest.raises(ValueError, match="quinces"):
        cache.incr("quinces")


def test_where_there_is_no_redis_it_holds_nothing(caplog: pytest.LogCaptureFixture) -> None:
    check_it_holds_nothing(cache_at(f"redis://127.0.0.1:{free_port()}/0"))
    assert "the cache is out of reach" in caplog.text


def test_it_holds_nothing_while_redis_is_gone_and_comes_back_with_it(
    new_redis: Callable[[], RedisServer],
) -> None:
    redis = new_redis()
    cache = cache_at(redis.url)
    cache.set("plums", 3)

    redis.stop()
    check_it_holds_nothing(cache)
    redis.start()
    outage.end()
    cache.set("plums", 4)

    assert cache.get("plums") == 4


def test_a_redis_that_hangs_is_not_waited_for(new_redis: Callable[[], RedisServer]) -> None:
    redis = new_redis()
    cache, hasty = cache_at(redis.url), hasty_cache_at(redis.url)
    cache.set("plums", 3)

    redis.pause()
    check_it_holds_nothing(hasty)
    redis.resume()
    outage.end()

    assert cache.get("plums") == 3


def test_a_redis_that_failed_is_left_alone_for_a_while(new_redis: Callable[[], RedisServer]) -> None:
    redis = new_redis()
    cache, hasty = cache_at(redis.url), hasty_cache_at(redis.url)
    cache.set("plums", 3)
    redis.pause()
    hasty.get("plums")
    redis.resume()

    assert cache.get("plums") is None
    with redis.client() as client:
        commands = client.info("commandstats")
    # One question made the connection, and one got no answer in time.
    assert commands["cmdstat_get"]["calls"] == 2


class Attack:
    """What a pickle may do: call any function."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("The cache ran what it was given.",))


def test_what_others_write_into_redis_is_not_run_and_counts_as_missing(redis_server: RedisServer) -> None:
    cache = cache_at(redis_server.url)
    with redis_server.client() as client:
        for junk in (
            pickle.dumps(Attack()),
            pickle.dumps(b"of an earlier version"),
            b"",
            b"\xc1",
            b"12 plums",
        ):
            client.set(cache.make_key("plums"), junk)
            assert cache.get("plums", "missing") == "missing"
            assert cache.get_many(["plums"]) == {}


def test_it_remembers_data_of_every_kind_and_nothing_else(redis_url: str) -> None:
    cache = cache_at(redis_url)
    for value in (0, -7, 2**60, True, None, 1.5, "12", "plüm", b"12", b"\xff", [1, "a"], {"a": [None, b"b"]}):
        cache.set("plums", value)
        assert (cache.get("plums", "missing"), type(cache.get("plums"))) == (value, type(value))
    with pytest.raises(TypeError):
        cache.set("plums", object())
