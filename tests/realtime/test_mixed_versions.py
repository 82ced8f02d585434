"""A process of this version and one of another share a Redis while the site is being updated."""

from collections.abc import Callable
from typing import Any

import msgspec

from comments.announcements import PresenceState, pack
from comments.publisher import PEOPLE, group_of
from comments.wire import Person
from config.environment import read_environment
from tests.realtime.faults import live_again
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.test_live_presence import sees
from tests.realtime.thread_copy import check_equal, thread_of
from tests.services.redis import RedisServer

ZOE = Person("u999", "Zoë")


class OtherVersion:
    """A process of another version of the site, as far as Redis shows it."""

    def __init__(self, stage: Stage, redis: RedisServer) -> None:
        self._prefix = read_environment(stage.server.environment).channel_prefix
        self._redis = redis

    def say(self, group: str, message: dict[str, Any]) -> None:
        with self._redis.client() as client:
            listeners = client.publish(f"{self._prefix}__group__{group}", msgspec.msgpack.encode(message))
        assert listeners == 1


@scene
async def test_what_it_says_that_is_new_is_skipped_and_the_rest_is_understood(
    new_stage: Callable[..., Stage], new_redis: Callable[[], RedisServer]
) -> None:
    redis = new_redis()
    stage = new_stage(redis=redis)
    other = OtherVersion(stage, redis)
    async with stage.audience() as audience:
        alice, bob = await audience.join("alice"), await audience.join("bob")
        await live_again(alice)
        thread, _ = thread_of(stage.server.database_url, audience.slug)
        for group in (PEOPLE, group_of(thread)) * 2:
            for kind in ("reaction", "poll"):
                data = msgspec.msgpack.encode({"type": kind, "thread": thread, "emoji": "🐌"})
                other.say(group, {"type": "announcement", "data": data})
            other.say(group, {"type": "change", "article": thread, "seq": 1})  # as before there were types
        state = PresenceState(
            thread=thread, node="other", incarnation="1", version=1, views={"zoes-page": ZOE}, departed={}
        )
        newer = {**msgspec.msgpack.decode(pack(state)["data"]), "mood": "new here"}
        other.say(group_of(thread), {"type": "announcement", "data": msgspec.msgpack.encode(newer)})

        await sees(bob, {"reader1", "reader2", "Zoë"})
        await live_again(alice)
        for reader in (alice, bob):
            await reader.reaches(audience.truth().head)
            check_equal(reader.copy, audience.truth())
    for kind in ("reaction", "poll", "unreadable"):
        assert stage.server.log().count(f"announcements of the kind '{kind}' are skipped") == 1
