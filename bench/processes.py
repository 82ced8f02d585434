"""The processes of a run: all are started here, and all are ended here by their ids, whatever happens."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from bench.errors import BenchError
from bench.machine import bind

ROOT = Path(__file__).resolve().parent.parent
GRACE = 5.0  # s that a process has to end by itself
POLL = 0.02  # s
TAIL = 3000  # characters of a log that are worth showing


class Processes:
    """Starts processes, and has ended all of them when its `with` block is left."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="bench-"))
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for number in (
            signal.SIGINT,
            signal.SIGTERM,
        ):  # a second, impatient Ctrl-C must not leave processes behind
            signal.signal(number, signal.SIG_IGN)
        for process in reversed(list(self._running)):
            self.end(process)
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        ready: Callable[[], bool],
        environment: Mapping[str, str] | None = None,
        cores: set[int] | None = None,
        user: str | None = None,
        within: float = 120.0,
    ) -> subprocess.Popen[bytes]:
        """Start a program and return when `ready()` is true. Raises BenchError with the end of its log."""
        log = self.directory / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - the commands are our own
                command,
                cwd=ROOT if user is None else self.directory,
                env=dict(environment) if environment is not None else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the bench, which then ends the others in order
                user=user,
                extra_groups=None if user is None else [],
            )
        self._running.append(process)
        bind(process.pid, cores)
        deadline = time.monotonic() + within
        while process.poll() is None and time.monotonic() < deadline:
            if ready():
                return process
            time.sleep(POLL)
        status = process.poll()
        self.end(process)
        what = "did not answer in time" if status is None else f"exited with {status}"
        raise BenchError(f"{name} {what}; the end of its log:\n{log.read_text(errors='replace')[-TAIL:]}")

    def end(self, process: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> None:
        """End a process, first with a signal and then by force, and those that it has left behind."""
        if process.poll() is None:
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # the process leads a group of its own: start_new_session
        process.wait()
        if process in self._running:
            self._running.remove(process)


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Return whether a process accepts connections on the port."""
    try:
        socket.create_connection(("127.0.0.1", port), 1.0).close()
    except OSError:
        return False
    return True
