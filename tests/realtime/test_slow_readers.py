"""A reader who does not read is sent away, and nobody else notices."""

import asyncio
import json
import statistics

from tests.realtime.http import socket_that_never_reads
from tests.realtime.raw import RawSocket, handshake
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.thread_copy import check_equal

LONG = "🐌" * 5_000  # 20 kB as text, 40 kB as a frame
COMMENTS = 400  # 16 MB: more than the system's buffers on the way hold


async def opened_and_never_read(stage: Stage, slug: str) -> RawSocket:
    slow = await socket_that_never_reads(stage, handshake(stage.url, f"/ws/article/{slug}/"))
    assert await slow.status() == 101
    return slow


@scene
async def test_readers_who_do_not_read_are_dropped_and_the_others_get_everything(
    uvicorn_stage: Stage,
) -> None:
    stage = uvicorn_stage
    async with stage.audience() as audience:
        alice, bob, plain = (
            await audience.join("alice"),
            await audience.join("bob"),
            await audience.join(batches=False),
        )
        slow = [await opened_and_never_read(stage, audience.slug) for _ in range(3)]
        await bob.until(lambda: any(picture["anonymous"] == 4 for picture in bob.of_type("presence")))
        waits = []
        clock = asyncio.get_running_loop().time
        for _ in range(COMMENTS):
            ack = await alice.post(LONG)
            acked = clock()
            await bob.reaches(ack["seq"])
            waits.append(clock() - acked)
        await bob.until(lambda: bob.of_type("presence")[-1]["anonymous"] == 1)

        for reader in (alice, bob, plain):
            await reader.reaches(COMMENTS)
            check_equal(reader.copy, audience.truth())
            assert reader.gaps == 0
            assert reader.copy.live == list(range(1, COMMENTS + 1))
        # Who waits for a slow reader does so all the time; tests/faults/test_slow_reader.py compares p99s.
        assert statistics.median(waits) < 0.5
        for each in slow:
            assert await was_dropped(each)


async def was_dropped(slow: RawSocket) -> bool:
    """Read what is left: it ends, with the bye or in the middle of a frame."""
    texts, code = await slow.texts_and_close()
    if code is not None:
        assert (code, json.loads(texts[-1])["type"]) == (4001, "bye")
    slow.writer.transport.abort()
    return True
