"""One program of the test run's own: its output in a file, its whole process group ended by id."""

import atexit
import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.services.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
TAIL = 4_000  # bytes of a log that are shown

running: set["Process"] = set()


class Process:
    """A program that can be started, paused, killed and started again.

    It leads a process group of its own, so that its children (workers, say) are paused and ended with it, and
    a Ctrl-C at the terminal reaches pytest alone.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        user: str | None = None,
        directory: Path = ROOT,
    ) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        self.log = log
        self.environment = dict(os.environ if environment is None else environment)
        self.user = user
        self.directory = directory if user is None else log.parent
        self._read = 0
        self._over = True  # no process of the group runs; its number may belong to another one by now
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._child is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self, ready: Callable[[], bool], *, within: float = 90.0) -> None:
        """Start the program and return when `ready()` is true.

        Raises RuntimeError with the end of its log when it exits or is not ready in time.
        """
        if self.alive:
            raise RuntimeError(f"{self.name} is running already")
        with self.log.open("ab") as output:
            self._child = subprocess.Popen(  # noqa: S603 - the command is the tests' own
                self.command,
                cwd=self.directory,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.user,
                group=None if self.user is None else _group_of(self.user),
                extra_groups=None if self.user is None else [],
            )
        self._over = False
        running.add(self)
        try:
            wait_until(lambda: not self.alive or ready(), within=within, what=f"{self.name} being ready")
            if not self.alive:
                raise RuntimeError(f"{self.name} exited with {self._child.returncode}")
        except (RuntimeError, TimeoutError) as error:
            self.kill()
            raise RuntimeError(f"{error}; the end of its log:\n{self.tail()}") from None

    def stop(self, *, within: float = 60.0) -> int | None:
        """Ask the program to end, wait, then end whatever of its group is left. Return its exit status."""
        if self._child is not None and self.alive:
            self._child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(within)
        return self.kill()

    def kill(self) -> int | None:
        """End the whole group at once. Return the program's exit status."""
        running.discard(self)
        if self._child is None:
            return None
        self._signal_group(signal.SIGKILL)
        status = self._child.wait()
        if self._over:
            return status
        # Its children may hold its port, and end a little later.
        wait_until(lambda: not group_runs(self.pid), what=f"the end of what {self.name} started")
        self._over = True
        return status

    def pause(self) -> None:
        """Freeze the whole group: connections stay open, nothing answers."""
        self._signal_group(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal_group(signal.SIGCONT)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program alone."""
        os.kill(self.pid, number)

    def wait(self, *, within: float = 60.0) -> int:
        """Wait for the program to end by itself. Return its exit status."""
        assert self._child is not None
        return self._child.wait(within)

    def children(self) -> list[int]:
        """Return the ids of the processes that the program has started, oldest first."""
        return [
            int(child) for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        ]

    def mark_log(self) -> None:
        """Begin the log's `tail` here."""
        self._read = self.log.stat().st_size if self.log.exists() else 0

    def tail(self) -> str:
        """Return the end of what was logged since `mark_log`."""
        if not self.log.exists():
            return ""
        return self.log.read_bytes()[self._read :][-TAIL:].decode(errors="replace")

    def _signal_group(self, number: signal.Signals) -> None:
        if self._over:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def group_runs(group: int) -> bool:
    """Return whether a process of the group runs; a zombie does not."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    everyone = list(Path("/proc").glob("[0-9]*/stat"))
    return not everyone or any(_runs_in(group, stat) for stat in everyone)


def _runs_in(group: int, stat: Path) -> bool:
    try:
        # After the command's name, which may hold anything, comes the third field of proc_pid_stat(5).
        fields = stat.read_text(errors="replace").rpartition(") ")[2].split()
        state, its_group, threads = fields[0], int(fields[2]), int(fields[17])
    except (OSError, IndexError):  # it has gone meanwhile
        return False
    # The first thread of a process can end before the others, which then still hold its ports.
    return its_group == group and (state not in "ZX" or threads > 1)


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


@atexit.register
def _end_what_is_left() -> None:
    for process in list(running):
        process.kill()
