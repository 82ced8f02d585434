"""Many clients of one article: all read, and all write in turn, each comment with a ref of its own."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from bisect import bisect_left
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

import httpx

from tests.faults.figures import Spread
from tests.faults.quiet import when_quiet
from tests.faults.verdict import Acked, Verdict, judge, read_stored
from tests.realtime.client import Reader
from tests.realtime.stage import Audience
from tests.realtime.thread_copy import Frame

PER_SECOND = 10.0  # comments that the whole crowd writes
MEMBERS = 50  # users of the demo data; several clients of the crowd are the same person
AT_A_TIME = 25  # clients that come together
PASSING = (429, 500, 503)  # refusals after which the same comment is sent again
PATIENCE = 60.0  # s that a comment or a client may take, whatever was broken


class Crowd:
    """The clients of one article.

    acked: the acknowledged comments by ref (32 hexadecimal digits). waits: seconds from a comment to its ack.
    refusals: the answers other than an ack, and when they came.
    """

    def __init__(self, audience: Audience, readers: Sequence[Reader]) -> None:
        self.audience = audience
        self.readers = list(readers)
        self.acked: dict[str, Acked] = {}
        self.waits: list[float] = []
        self.refusals: list[tuple[str, float]] = []
        self._posting: set[asyncio.Task[Frame]] = set()
        self._writers = itertools.cycle(self.readers)
        self._news = asyncio.Event()

    async def come(self) -> None:
        for begin in range(0, len(self.readers), AT_A_TIME):
            await asyncio.gather(*(reader.open() for reader in self.readers[begin : begin + AT_A_TIME]))

    @asynccontextmanager
    async def posting(self, per_second: float = PER_SECOND) -> AsyncIterator[None]:
        """All write in turn, until the block ends and all that was written is acknowledged."""
        pace = asyncio.create_task(self._keep_posting(1 / per_second))
        try:
            yield
        finally:
            pace.cancel()
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*self._posting)

    async def post(
        self, reader: Reader, content: str, *, ref: str | None = None, parent: str | None = None
    ) -> Frame:
        """Write a comment, again and with the same ref while it is refused for now; returns the ack."""
        clock, ref = asyncio.get_running_loop().time, ref or str(uuid.uuid4())
        begun = clock()
        while True:
            answer = await reader.post(content, ref=ref, parent=parent, within=PATIENCE)
            if answer["type"] == "ack":
                break
            self.refusals.append((answer["reason"], clock()))
            assert answer["code"] in PASSING, answer
            await asyncio.sleep(answer.get("retry_after", 1.0))
        self.waits.append(clock() - begun)
        self.acked[uuid.UUID(ref).hex] = Acked(answer["id"], answer["seq"], clock())
        self._news.set()
        return answer

    async def post_over_http(
        self, who: str, content: str, ref: str, *, url: str | None = None
    ) -> httpx.Response:
        """Write a comment without a socket, to the site or to one of its servers."""
        stage = self.audience.stage
        return await self.audience.http.post(
            f"{url or stage.url}/api/articles/{self.audience.slug}/comments/",
            json={"content": content, "ref": ref},
            headers=stage.headers(who),
        )

    async def posts(self, count: int) -> None:
        """Wait until that many more comments were acknowledged, however long that takes while some are."""
        enough = len(self.acked) + count
        while len(self.acked) < enough:
            self._news.clear()
            async with asyncio.timeout(PATIENCE):
                await self._news.wait()

    async def settle(self, patience: float = PATIENCE) -> Verdict:
        """Wait until nothing changes any more and all clients have everything; then compare.

        The writers have to have ended. A client that has not everything after `patience` seconds is compared
        as it is, and named in the verdict.
        """
        url, slug = self.audience.stage.server.database_url, self.audience.slug
        stored, behind = await when_quiet(
            lambda: asyncio.to_thread(read_stored, url, slug), self.readers, patience
        )
        return judge(stored, self.acked, [reader.copy for reader in self.readers], behind)

    @property
    def recoveries(self) -> Spread:
        """The time from a lost connection until its client was welcomed again and had everything."""
        return Spread.of(seconds for reader in self.readers for seconds in reader.recoveries)

    @property
    def delays(self) -> Spread:
        """The time from each comment's ack until each client had the comment."""
        acked = self.acked.values()
        return Spread.of(delay for reader in self.readers for delay in delays_of(reader, acked))

    async def _keep_posting(self, pause: float) -> None:
        for number, reader in enumerate(self._writers):
            task = asyncio.create_task(self.post(reader, f"Comment {number}."))
            self._posting.add(task)
            await asyncio.sleep(pause)


def name(number: int) -> str:
    """The name of the user that the client of this number is."""
    return f"reader{number % MEMBERS + 1}"


def delays_of(reader: Reader, acked: Iterable[Acked]) -> list[float]:
    """Seconds from each ack until this client had the comment."""
    positions, times = list(reader.times), list(reader.times.values())
    known = [(ack, bisect_left(positions, ack.seq)) for ack in acked if ack.seq is not None]
    return [max(0.0, times[index] - ack.at) for ack, index in known if index < len(positions)]
