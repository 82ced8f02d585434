"""How much memory a socket takes that only listens."""

from __future__ import annotations

from bench.fanout import Crowd
from bench.figures import Memory
from bench.servers import Server
from bench.swarm import Swarm

WARM_UP = 50  # sockets opened and closed first: what the first socket loads must not count as a socket's
SETTLING = 2.0  # s


def measure_memory(server: Server, crowd: Crowd) -> Memory:
    """Compare the server's resident memory before and after the crowd's sockets are open."""
    with Swarm(server.port, crowd.path, crowd.headers[:WARM_UP], greeting=crowd.greeting) as few:
        few.open()
        few.run(SETTLING)
    with Swarm(server.port, crowd.path, crowd.headers, greeting=crowd.greeting) as swarm:
        before = server.usage()
        swarm.open()
        swarm.run(SETTLING)
        after = server.usage()
    sockets = len(crowd.headers)
    grown = None if before is None or after is None else (after.memory - before.memory) / sockets / 1000
    return Memory(crowd.who, sockets, grown)
