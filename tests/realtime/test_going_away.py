"""A process that is told to stop sends its readers elsewhere, and one that dies is replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable

import httpx
import pytest

from tests.realtime.raw import open_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.stream import streams
from tests.realtime.test_long_polling import history_of
from tests.services.ports import listens
from tests.services.redis import RedisServer
from tests.services.waiting import wait_until

SOCKETS = 40
PARKED = 20  # requests
ASKED_EVERY = 0.6  # s, and a little: uvicorn asks its workers for a sign of life every 0.5 s
MISSED = 3.0  # s: it would be 4.4 at least, if the answer of a dead one was waited for
STOPPED = 20.0  # s; what does not end by itself is ended after 25


async def stop(stage: Stage) -> tuple[int, float]:
    """SIGTERM; returns the exit status and the seconds that it took."""
    begun = time.monotonic()
    stage.server.process.send(signal.SIGTERM)
    status = await asyncio.to_thread(stage.server.process.wait)
    return status, time.monotonic() - begun


@scene
async def test_everybody_is_told_over_two_seconds_and_comes_back_spread(
    new_stage: Callable[..., Stage],
) -> None:
    stage = new_stage()
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        sockets = [await audience.join() for _ in range(SOCKETS)]
        readers = [stream() for _ in range(5)]
        for reader in readers:
            await reader.open()
        async with history_of(stage, audience.slug) as ask:
            parked = [asyncio.create_task(ask(after=0, wait=25)) for _ in range(PARKED)]
            await ask(after=0, wait=1)  # so the others wait by now
            status, seconds = await stop(stage)
            answers = await asyncio.gather(*parked)

        assert (status, seconds < STOPPED) == (0, True)
        assert {await socket.closed() for socket in sockets} == {4000}
        byes = [await socket.next("bye") for socket in sockets]
        assert len({bye["retry_after"] for bye in byes}) > 5
        for reader in readers:
            byes.append(await reader.next("bye"))
            assert reader.retry == byes[-1]["retry_after"] * 1000
        for bye in byes:
            assert (bye["code"], bye["reason"], bye["reconnect"]) == (4000, "going_away", True)
        assert all(reader.ended for reader in readers)
        assert {status for status, _, _ in answers} == {200}
        waits = [waited for _, _, waited in answers]
        assert 0.3 < max(waits) - min(waits) < STOPPED


@scene
async def test_a_peer_that_never_answers_the_close_does_not_hold_the_process(
    new_stage: Callable[..., Stage],
) -> None:
    stage = new_stage()
    async with open_socket(stage.url, stage.new_article()) as mute:
        await mute.reader.read(1)
        status, seconds = await stop(stage)

    assert status == 0
    assert seconds < STOPPED


@scene
async def test_a_comment_that_is_being_posted_is_answered(new_stage: Callable[..., Stage]) -> None:
    stage = new_stage()
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        posting = [asyncio.create_task(alice.post(f"{n}")) for n in range(10)]
        await alice.next("ack")
        await stop(stage)
        acks = await asyncio.gather(*posting)

        assert len(audience.truth().comments) == len({ack["id"] for ack in acks}) == 10


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_worker_that_dies_is_replaced(
    new_stage: Callable[..., Stage], new_redis: Callable[[], RedisServer], workers: str
) -> None:
    stage = new_stage(redis=new_redis(), WORKERS=workers)
    with httpx.Client(trust_env=False, timeout=10) as http:

        def answers() -> bool:
            try:
                return stage.server.worker != died and http.get(f"{stage.url}/healthz").is_success
            except (httpx.TransportError, IndexError):
                return False

        died = stage.server.worker
        os.kill(died, signal.SIGKILL)
        wait_until(answers, within=90, what="a new worker that answers")


def test_a_worker_that_dies_while_it_is_asked_for_a_sign_of_life_is_missed_at_once(
    new_stage: Callable[..., Stage],
) -> None:
    """uvicorn alone waits 5 s for an answer then. On a machine that stalls there is another try."""
    stage = new_stage()

    def seconds_until_missed() -> float:
        dies = stage.server.worker
        os.kill(dies, signal.SIGSTOP)
        time.sleep(ASKED_EVERY)  # by now it was asked
        os.kill(dies, signal.SIGKILL)
        begun = time.monotonic()
        wait_until(lambda: dies not in stage.server.process.children(), what="it being missed")
        wait_until(stage.server.process.children, what="another worker")
        return time.monotonic() - begun

    assert any(seconds_until_missed() < MISSED for _ in range(3))


@scene
async def test_a_process_that_ends_lets_nobody_wait_at_its_door(new_stage: Callable[..., Stage]) -> None:
    stage = new_stage()
    async with open_socket(stage.url, stage.new_article()) as mute:
        await mute.reader.read(1)
        worker = stage.server.worker
        stage.server.process.send(signal.SIGTERM)
        await asyncio.to_thread(
            wait_until, lambda: not listens(stage.server.port), what="connections refused"
        )

        assert worker in stage.server.process.children()  # for those who are inside
