"""A private Redis."""

import shutil
import tempfile
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.services.finding import REDIS, find_redis_server
from tests.services.ports import free_port
from tests.services.process import Process


class RedisServer:
    """A Redis that keeps nothing on disk and can be stopped, frozen and started again on the same port."""

    def __init__(self) -> None:
        program = find_redis_server()
        if program is None:
            raise FileNotFoundError(REDIS.advice)
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._directory = Path(tempfile.mkdtemp(prefix="redis-"))
        self._process = Process(
            f"Redis on port {self.port}",
            [
                program,
                *("--port", str(self.port), "--bind", "127.0.0.1", "--dir", self._directory),
                *("--save", "", "--appendonly", "no", "--loglevel", "warning"),
            ],
            log=self._directory / "log",
        )

    def start(self) -> None:
        self._process.start(self._answers)

    def stop(self) -> None:
        """Stop it; connections to it are refused until it is started again."""
        self._process.kill()

    def restart(self) -> None:
        """Stop and start it: it loses its data and every connection."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze it: the system accepts connections, and nothing answers."""
        self._process.pause()

    def resume(self) -> None:
        self._process.resume()

    def flush(self) -> None:
        """Forget every key, as FLUSHALL does."""
        with self.client() as client:
            client.flushall()

    def client(self) -> redis.Redis:
        """Return a client that does not try again when the server does not answer."""
        return redis.Redis(host="127.0.0.1", port=self.port, socket_timeout=20.0, retry=Retry(NoBackoff(), 0))

    def close(self) -> None:
        """Stop it for good and remove its directory."""
        self._process.kill()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
