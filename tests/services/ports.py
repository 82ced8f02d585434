"""Free ports on 127.0.0.1."""

import os
import secrets
import socket

# Below the ports that systems give to outgoing connections: the tests have thousands of those, and one could
# take a server's port while the server is stopped. None of these ports is one that Chromium refuses.
FIRST, SHARE = 20_000, 2_500
PROCESSES = 5  # shares of the ports: one for each process of a test run

_given: set[int] = set()


def free_port() -> int:
    """Return a port that nothing listens on and that no process of this test run has been given before."""
    while True:
        port = _first() + secrets.randbelow(SHARE)
        if port not in _given and _is_free(port):
            _given.add(port)
            return port


def listens(port: int) -> bool:
    """Return whether something accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _first() -> int:
    """The first port of this process's share: pytest-xdist's workers are gw0, gw1, …"""
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    return FIRST + SHARE * (int(number) % (PROCESSES - 1) + 1 if number else 0)


def _is_free(port: int) -> bool:
    with socket.socket() as candidate:
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
