"""The publisher sends messages in order, takes them from any thread, and never makes a caller wait."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.layers import get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer

from comments.announcements import Announcement, RightsChange, ThreadChange, Unpacker
from comments.publisher import MAX_WAITING, Publisher
from tests.services.ports import free_port
from tests.services.process import ROOT
from tests.services.redis import RedisServer
from tests.services.site import manage, production
from tests.services.waiting import wait_until

POSTING = """
import uuid
from django.contrib.auth.models import User
from blog.models import Article
from comments.authors import author_of_user
from comments.queries import get_thread
from comments.services import post_comment
alice = User.objects.create_user("alice")
article = Article.objects.create(title="Plums", slug="plums", author=alice, status="published", body="Ripe.")
thread = get_thread(article)
for n in range(3):
    post_comment(author=author_of_user(alice), thread=thread, content=f"Number {n}.", ref=uuid.uuid4())
print(thread.comments.count())
"""
GROUP = "thread.1"
PREFIX = "the-tests"  # of the channels in Redis
PATIENCE = 30.0  # s


def numbered(number: int) -> Announcement:
    return RightsChange(user=str(number))


def number_in(message: dict[str, Any]) -> int:
    announcement = Unpacker().unpack(message)
    assert isinstance(announcement, RightsChange)
    return int(announcement.user)


def frame_in(message: dict[str, Any]) -> bytes:
    announcement = Unpacker().unpack(message)
    assert isinstance(announcement, ThreadChange)
    return announcement.change.frame


@pytest.fixture
def listening() -> Iterator[tuple[Any, str]]:
    layer = get_channel_layer()
    channel = asyncio.run(_join(layer))
    yield layer, channel
    asyncio.run(layer.group_discard(GROUP, channel))


async def _join(layer: Any) -> str:
    channel: str = await layer.new_channel()
    await layer.group_add(GROUP, channel)
    return channel


async def _receive(layer: Any, channel: str, number: int) -> list[int]:
    async with asyncio.timeout(PATIENCE):
        return [number_in(await layer.receive(channel)) for _ in range(number)]


def _wait_for(number: int, layer: Any, channel: str) -> None:
    """Wait until messages are there: asyncio's queues wake no reader on another loop."""
    wait_until(lambda: channel in layer.channels and layer.channels[channel].qsize() == number)


def test_messages_arrive_in_the_order_in_which_they_were_handed_over(listening: tuple[Any, str]) -> None:
    async def run() -> list[int]:
        publisher = Publisher()
        publisher.attach(asyncio.get_running_loop())
        for n in range(100):
            publisher.publish(GROUP, numbered(n))
        return await _receive(*listening, 100)

    assert asyncio.run(run()) == list(range(100))


def test_threads_hand_over_what_the_loop_sends(listening: tuple[Any, str]) -> None:
    async def run() -> list[int]:
        publisher = Publisher()
        publisher.attach(asyncio.get_running_loop())

        def hand_over(thread: int) -> None:
            for n in range(50):
                publisher.publish(GROUP, numbered(1000 * thread + n))

        await asyncio.gather(*(asyncio.to_thread(hand_over, thread) for thread in range(4)))
        return await _receive(*listening, 200)

    received = asyncio.run(run())

    for thread in range(4):
        assert [n for n in received if n // 1000 == thread] == [1000 * thread + n for n in range(50)]


def test_past_the_bound_the_oldest_are_dropped_and_counted(listening: tuple[Any, str]) -> None:
    async def run() -> tuple[list[int], int]:
        publisher = Publisher()
        publisher.attach(asyncio.get_running_loop())
        for n in range(MAX_WAITING + 3):  # the loop has no turn in between
            publisher.publish(GROUP, numbered(n))
        return await _receive(*listening, MAX_WAITING), publisher.lost

    received, lost = asyncio.run(run())

    assert received == list(range(3, MAX_WAITING + 3))
    assert lost == 3


def test_a_process_without_a_server_sends_on_a_loop_of_its_own(listening: tuple[Any, str]) -> None:
    publisher = Publisher()
    threads = set(threading.enumerate())
    publisher.publish(GROUP, numbered(7))
    publisher.publish(GROUP, numbered(8))
    _wait_for(2, *listening)

    assert asyncio.run(_receive(*listening, 2)) == [7, 8]
    assert [thread.name for thread in set(threading.enumerate()) - threads] == ["announcements"]


def test_when_a_servers_loop_was_closed_another_takes_over(listening: tuple[Any, str]) -> None:
    publisher = Publisher()

    async def serve() -> None:
        publisher.attach(asyncio.get_running_loop())

    asyncio.run(serve())
    publisher.publish(GROUP, numbered(7))
    _wait_for(1, *listening)

    assert asyncio.run(_receive(*listening, 1)) == [7]


def test_a_command_that_ends_lets_its_last_announcements_leave(
    redis_server: RedisServer, database_url: str
) -> None:
    async def run() -> list[bytes]:
        layer = RedisPubSubChannelLayer(hosts=[redis_server.url], prefix=PREFIX)
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        await asyncio.to_thread(wait_until, _subscribed)
        environment = production(DATABASE_URL=database_url, REDIS_URL=redis_server.url, CHANNEL_PREFIX=PREFIX)
        await asyncio.to_thread(manage, "shell", "--no-imports", "-c", POSTING, environment=environment)
        async with asyncio.timeout(PATIENCE):
            frames = [frame_in(await layer.receive(channel)) for _ in range(3)]
        await layer.flush()
        return frames

    def _subscribed() -> bool:
        with redis_server.client() as client:
            return bool(client.pubsub_channels(f"{PREFIX}__group__{GROUP}"))

    assert [f"Number {n}.".encode() in frame for n, frame in enumerate(asyncio.run(run()))] == [True] * 3


def test_a_command_waits_at_its_end_for_a_channel_layer_that_is_slow(
    new_redis: Callable[[], RedisServer], database_url: str, tmp_path: Path
) -> None:
    redis = new_redis()
    variables = {"DATABASE_URL": database_url, "REDIS_URL": redis.url, "CHANNEL_PREFIX": PREFIX}
    printed = tmp_path / "printed"
    with redis.client() as client, printed.open("wb") as output:
        listening = client.pubsub()
        listening.subscribe(f"{PREFIX}__group__{GROUP}")
        assert listening.get_message(timeout=PATIENCE) is not None
        redis.pause()
        command = subprocess.Popen(  # noqa: S603 - the command is the tests' own
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", POSTING],
            cwd=ROOT,
            env=production(**variables),
            stdout=output,
        )
        wait_until(lambda: printed.read_text() == "3\n", what="the posts being stored")
        redis.resume()
        assert command.wait(PATIENCE) == 0
        messages = [listening.get_message(timeout=PATIENCE) for _ in range(3)]

    assert all(message is not None and message["type"] == "message" for message in messages)


def test_without_a_channel_layer_posts_are_stored_all_the_same(database_url: str) -> None:
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    environment = production(DATABASE_URL=database_url, REDIS_URL=nowhere)

    assert manage("shell", "--no-imports", "-c", POSTING, environment=environment).split() == ["3"]


def test_fleeting_messages_let_all_others_go_first(listening: tuple[Any, str]) -> None:
    layer, channel = listening
    publisher = Publisher()

    async def publish() -> None:
        publisher.attach(asyncio.get_running_loop())
        for n in (1, 2):
            publisher.publish(GROUP, numbered(n), fleeting=True)
        for n in (3, 4):
            publisher.publish(GROUP, numbered(n))
        assert await _receive(layer, channel, 4) == [3, 4, 1, 2]

    asyncio.run(publish())
