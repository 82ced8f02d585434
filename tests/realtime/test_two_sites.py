"""Sites that share a Redis, or two numbers of one, never hear each other."""

from collections.abc import Callable

import pytest

from tests.realtime.faults import live_again
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.test_live_presence import sees
from tests.services.redis import RedisServer

NewStage = Callable[..., Stage]


@pytest.fixture
def two_sites(new_stage: NewStage, new_redis: Callable[[], RedisServer]) -> tuple[Stage, Stage]:
    """Two sites with databases of their own, which have the same articles under the same ids."""
    redis = new_redis()
    return new_stage(redis=redis), new_stage(redis=redis)


@pytest.fixture
def two_numbers(new_stage: NewStage, new_redis: Callable[[], RedisServer]) -> tuple[Stage, Stage]:
    """Two processes on one database, of which each has its own number of one Redis."""
    redis = new_redis()
    one = new_stage(redis=redis)
    address = redis.url.removesuffix("/0")
    return one, new_stage(redis=redis, database_url=one.server.database_url, REDIS_URL=f"{address}/1")


@pytest.mark.parametrize("sites", ["two_sites", "two_numbers"])
@scene
async def test_neither_hears_who_reads_on_the_other(request: pytest.FixtureRequest, sites: str) -> None:
    one, other = request.getfixturevalue(sites)
    slug = one.new_article()
    async with one.audience(slug) as here, other.audience(slug) as there:
        alice, bob = await here.join("alice"), await there.join("bob")
        carol, stranger = await here.join("carol"), await there.join()
        await sees(alice, {"reader1", "reader3"})
        await sees(bob, {"reader2"}, anonymous=1)
        await live_again(alice)
        await live_again(bob)
        await carol.leave()
        await stranger.leave()
        await sees(alice, {"reader1"})  # what was told in between has come to both by now
        await sees(bob, {"reader2"})

        for reader, strangers in ((alice, {"reader2"}), (bob, {"reader1", "reader3"})):
            shown = [member["name"] for f in reader.of_type("presence") for member in f["members"]]
            assert not strangers & set(shown)


@scene
async def test_what_is_written_on_one_is_not_shown_on_the_other(two_sites: tuple[Stage, Stage]) -> None:
    one, other = two_sites
    slug = one.new_article()
    async with one.audience(slug) as here, other.audience(slug) as there:
        alice, bob = await here.join("alice"), await there.join("bob")
        for _ in range(10):
            await alice.post("For this site alone.")
        await live_again(bob)

        assert {frame["user"] for frame in bob.of_type("message")} == {"reader2"}
        assert bob.gaps == 0
