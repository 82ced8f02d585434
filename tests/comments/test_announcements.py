"""Processes understand each other, also newer and older ones, and skip everything else."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec
import pytest
from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from comments.announcements import (
    MOST_KINDS,
    MOST_VIEWS,
    Announcement,
    Change,
    Departure,
    PresenceDiff,
    PresenceDigest,
    PresenceRequest,
    PresenceState,
    RightsChange,
    ThreadChange,
    TypingSign,
    Unpacker,
    pack,
)
from comments.wire import Person, Typist
from tests.services.redis import RedisServer
from tests.services.waiting import wait_until

ALICE = Person("u1", "Ælice 🐌")
NODE: dict[str, Any] = {"thread": 1, "node": "here", "incarnation": "1", "version": 3}
EVERY_KIND: list[Announcement] = [
    ThreadChange(thread=1, epoch="e", change=Change(2, 1, '{"content":"🐌"}'.encode(), author="u1", ref="r")),
    RightsChange(user="7"),
    PresenceDiff(**NODE, came={"page": ALICE, "tab": None}, went=["old"], gone=["u2"]),
    PresenceDigest(**NODE),
    PresenceState(**NODE, views={"page": None}, departed={"old": Departure(ALICE, 9.5)}),
    PresenceRequest(**NODE, to=None),
    TypingSign(thread=1, node="here", typist=Typist("u1", "Ælice", None), on=True),
]
PATIENCE = 30.0  # s


def message_of(**fields: Any) -> dict[str, Any]:
    return {"type": "announcement", "data": msgspec.msgpack.encode(fields)}


@pytest.fixture(params=["in memory", "Redis"])
def layer(request: pytest.FixtureRequest) -> Any:
    if request.param == "in memory":
        return InMemoryChannelLayer()
    redis: RedisServer = request.getfixturevalue("redis_server")
    return RedisPubSubChannelLayer(hosts=[redis.url], prefix="announcements")


def test_every_kind_comes_through_every_channel_layer_as_it_was(
    layer: Any, redis_server: RedisServer
) -> None:
    def is_subscribed() -> bool:
        with redis_server.client() as client:
            return bool(client.pubsub_channels("announcements__group__all"))

    async def play() -> list[Announcement | None]:
        channel = await layer.new_channel()
        await layer.group_add("all", channel)
        if isinstance(layer, RedisPubSubChannelLayer):
            await asyncio.to_thread(wait_until, is_subscribed)
        for announcement in EVERY_KIND:
            await layer.group_send("all", pack(announcement))
        async with asyncio.timeout(PATIENCE):
            heard = [Unpacker().unpack(await layer.receive(channel)) for _ in EVERY_KIND]
        await layer.flush()
        return heard

    assert asyncio.run(play()) == EVERY_KIND


def test_fields_of_a_newer_process_are_ignored() -> None:
    newer = message_of(type="rights", user="7", because={"of": ["something", "new"]})

    assert Unpacker().unpack(newer) == RightsChange(user="7")


UNREADABLE = {
    "a newer kind": (message_of(type="reaction", thread=1), "reaction"),
    "a kind that lacks a field": (message_of(type="typing", thread=1), "typing"),
    "a field of another type": (message_of(type="rights", user=7), "rights"),
    "no kind": (message_of(user="7"), "unreadable"),
    "no announcement": ({"type": "change", "seq": 1}, "unreadable"),
    "no bytes": ({"type": "announcement", "data": 7}, "unreadable"),
    "no text": ({"type": "announcement", "data": b"\xc1\xff"}, "unreadable"),
    "a deep nest": ({"type": "announcement", "data": b"\x91" * 100_000}, "unreadable"),
    "an endless id": (message_of(type="presence.digest", **{**NODE, "node": "x" * 300}), "presence.digest"),
    "a negative version": (message_of(type="presence.digest", **{**NODE, "version": -1}), "presence.digest"),
    "a grace for ever": (
        message_of(type="presence.state", **NODE, views={}, departed={"page": [None, 1e9]}),
        "presence.state",
    ),
}


@pytest.mark.parametrize(("message", "kind"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_message_that_can_not_be_read_is_skipped_and_counted(message: dict[str, Any], kind: str) -> None:
    unpacker = Unpacker()

    assert unpacker.unpack(message) is None
    assert unpacker.skipped == {kind: 1}


def test_a_list_of_more_views_than_a_process_can_have_is_skipped() -> None:
    views = {str(number): None for number in range(MOST_VIEWS + 1)}

    assert Unpacker().unpack(message_of(type="presence.state", **NODE, views=views, departed={})) is None


def test_each_kind_is_logged_once_and_counted_every_time(caplog: pytest.LogCaptureFixture) -> None:
    unpacker = Unpacker()
    with caplog.at_level(logging.WARNING):
        for kind in ["reaction", "poll", "reaction", "reaction"]:
            unpacker.unpack(message_of(type=kind))

    assert [record.getMessage().split("'")[1] for record in caplog.records] == ["reaction", "poll"]
    assert unpacker.skipped == {"reaction": 3, "poll": 1}


def test_only_so_many_unknown_kinds_are_told_apart() -> None:
    unpacker = Unpacker()
    for number in range(2 * MOST_KINDS):
        unpacker.unpack(message_of(type=f"kind {number}"))

    assert len(unpacker.skipped) == MOST_KINDS + 1
    assert unpacker.skipped.total() == 2 * MOST_KINDS


def test_a_skipped_message_does_not_keep_others_from_being_heard() -> None:
    unpacker = Unpacker()
    mixed = [message_of(type="poll"), pack(EVERY_KIND[1])]

    assert [unpacker.unpack(message) for message in mixed] == [None, EVERY_KIND[1]]
