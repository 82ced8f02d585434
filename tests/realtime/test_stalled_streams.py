"""A stream that nobody reads is dropped, and nobody else notices."""

import asyncio
import contextlib
import statistics

from tests.realtime.http import request, socket_that_never_reads
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.stream import streams
from tests.realtime.thread_copy import check_equal

LONG = "🐌" * 5_000  # 20 kB as text, 40 kB as an event
COMMENTS = 200  # 8 MB: more than the system's buffers on the way hold


@scene
async def test_a_reader_who_does_not_read_is_dropped_and_the_others_get_everything(
    uvicorn_stage: Stage,
) -> None:
    stage = uvicorn_stage
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        alice, reader = await audience.join("alice"), stream()
        await reader.open()
        slow = await socket_that_never_reads(stage, request(stage, f"/api/articles/{audience.slug}/events/"))
        assert await slow.status() == 200
        await alice.next("presence", anonymous=2)
        clock, waits = asyncio.get_running_loop().time, []
        for _ in range(COMMENTS):
            ack, acked = await alice.post(LONG), clock()
            await reader.reaches(ack["seq"])
            waits.append(clock() - acked)
        await alice.until(lambda: alice.of_type("presence")[-1]["anonymous"] == 1)

        # Who waits for a slow reader does so all the time.
        assert statistics.median(waits) < 0.5
        check_equal(reader.copy, audience.truth())
        with contextlib.suppress(ConnectionError):
            while await slow.reader.read(65_536):
                pass  # what was on the way; then the connection is gone
        slow.writer.transport.abort()
