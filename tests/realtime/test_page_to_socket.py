"""Nothing falls between the page, as the server rendered it, and the socket that keeps it current."""

import asyncio
import random

from tests.realtime.client import Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Audience, Stage

COMMENTS = 200
VISITORS, MOMENTS = 20, 10


@scene
async def test_no_comment_is_missing_between_page_and_socket(stage: Stage) -> None:
    chance = random.Random(7)  # noqa: S311 - only when they post
    async with stage.audience() as audience:
        writers = [await audience.join(who) for who in ("alice", "bob", "carol", "reader30")]
        visitors: list[Reader] = []
        done = asyncio.Event()

        def enough() -> bool:
            """Whether they came at enough different moments."""
            return len(visitors) >= VISITORS and len({visitor.copy.began for visitor in visitors}) >= MOMENTS

        async def write(writer: Reader) -> None:
            number = 0
            while number < COMMENTS // len(writers) or not enough():
                await asyncio.sleep(chance.uniform(0, 0.03))
                await writer.post(f"{number}")
                number += 1

        async def visit() -> None:
            while not done.is_set():
                visitors.append(await open_page(audience))

        visiting = [asyncio.create_task(visit()) for _ in range(3)]
        await asyncio.gather(*(write(writer) for writer in writers))
        done.set()
        await asyncio.gather(*visiting)

        truth = audience.truth()
        assert truth.head >= COMMENTS
        for visitor in visitors:
            await visitor.reaches(truth.head)
            assert visitor.copy.known == set(range(visitor.copy.began + 1, truth.head + 1))


async def open_page(audience: Audience) -> Reader:
    reader = audience.reader()
    await reader.open(page=True)
    return reader
