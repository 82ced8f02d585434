"""The servers that are measured: the site as in production, and the consumer of Channels' tutorial."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.errors import BenchError
from bench.machine import Cores, Usage, get_usage
from bench.processes import ROOT, Processes, free_port, listens

SECRET_KEY = "signs-nothing-that-outlives-one-run-of-the-bench-0123456789"  # noqa: S105 - no secret
PASSED_ON = ("HOME", "LANG", "PATH", "TMPDIR")  # variables of the environment that servers get


@dataclass
class Server:
    """A server that is running, and how to speak to it."""

    port: int
    pid: int
    cores: Cores

    def usage(self) -> Usage | None:
        return get_usage(self.pid)


class Site:
    """The production server of the site, on one database and one Redis; it can be restarted.

    Without other variables it has one worker and no limits on rates.
    """

    def __init__(
        self, processes: Processes, *, database_url: str, redis_url: str, cores: Cores, **variables: str
    ) -> None:
        self._processes = processes
        self._cores = cores
        self._port = free_port()
        self.environment = _environment(
            **{
                "DEBUG": "off",
                "SECRET_KEY": SECRET_KEY,
                "DATABASE_URL": database_url,
                "REDIS_URL": redis_url,
                "PORT": str(self._port),
                "WORKERS": "1",
                "RATE_LIMITS": "off",
                **variables,
            }
        )

    def start(self) -> Server:
        """Start it, and return when it answers."""
        self._process = self._processes.start(
            "site",
            [sys.executable, "-m", "config.serve"],
            ready=self._answers,
            environment=self.environment,
            cores=self._cores.server,
        )
        return Server(self._port, self._process.pid, self._cores)

    def stop(self) -> None:
        self._processes.end(self._process)

    def run(self, module: str, *arguments: str, **variables: str) -> Any:
        """Run a module of the bench inside the site's settings, and return the JSON that it prints.

        variables: of the environment, where they differ from the server's.
        """
        done = subprocess.run(  # noqa: S603 - the command is our own
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "config.settings", **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BenchError(f"{module} exited with {done.returncode}:\n{done.stderr[-3000:]}")
        return json.loads(done.stdout)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


class Tutorial:
    """The tutorial's consumer, with the same server, flags and Redis as the site."""

    def __init__(self, processes: Processes, redis_url: str, cores: Cores) -> None:
        self._processes = processes
        self._cores = cores
        self._port = free_port()
        self._environment = _environment(PORT=str(self._port), REDIS_URL=redis_url)

    def start(self) -> Server:
        """Start it, and return when it listens."""
        self._process = self._processes.start(
            "tutorial",
            [sys.executable, "-m", "bench.peers.tutorial"],
            ready=lambda: listens(self._port),
            environment=self._environment,
            cores=self._cores.server,
        )
        return Server(self._port, self._process.pid, self._cores)

    def stop(self) -> None:
        self._processes.end(self._process, signal.SIGKILL)  # it may still have a minute's work to do


def _environment(**variables: str) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **variables}
