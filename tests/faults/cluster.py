"""A site as operators run it: production servers on one PostgreSQL and one Redis, behind a proxy."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.faults.crowd import Crowd, name
from tests.faults.figures import memory_of
from tests.realtime.stage import Stage
from tests.services.logs import tracebacks_in
from tests.services.proxy import Proxy
from tests.services.redis import RedisServer
from tests.services.site import AppServer

CROWD = 200


class Cluster:
    """Servers that share a database and a Redis; the proxy takes clients to them in turn.

    stage: the site as clients see it, at the proxy's address. memory_with_crowd: bytes that the workers held
    when the last crowd had come, and just before it went.
    """

    def __init__(self, servers: Sequence[AppServer], redis: RedisServer | None, proxy: Proxy) -> None:
        self.servers = list(servers)
        self.proxy = proxy
        self.stage = Stage(servers[0])
        self.stage.url = f"http://127.0.0.1:{proxy.port}"
        self._redis = redis
        self.memory_with_crowd: tuple[int, int] | None = None

    @property
    def redis(self) -> RedisServer:
        assert self._redis is not None
        return self._redis

    @asynccontextmanager
    async def crowd(self, size: int = CROWD, slug: str | None = None) -> AsyncIterator[Crowd]:
        """A crowd that has come, and leaves in the end."""
        async with self.stage.audience(slug) as audience:
            readers = [audience.reader(name(number), comes_back=True) for number in range(size)]
            crowd = Crowd(audience, readers)
            await crowd.come()
            before = self.memory
            yield crowd
            self.memory_with_crowd = (before, self.memory)

    def kill_worker(self, number: int) -> None:
        """Kill the worker of one server, which holds its sockets, without any notice."""
        os.kill(self.servers[number].worker, signal.SIGKILL)

    async def stop(self, number: int) -> tuple[int | None, float]:
        """SIGTERM to one server; returns its exit status and the seconds that it took."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        status = await asyncio.to_thread(self.servers[number].stop)
        return status, clock() - begun

    async def start(self, number: int) -> None:
        await asyncio.to_thread(self.servers[number].start)

    @property
    def memory(self) -> int:
        """Bytes that the workers hold now, together."""
        return sum(memory_of(server.worker) for server in self.servers if server.process.alive)

    def tracebacks(self) -> list[str]:
        """The tracebacks in the logs of the servers."""
        return [record for server in self.servers for record in tracebacks_in(server.log())]
