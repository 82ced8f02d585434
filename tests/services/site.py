"""The site as real processes: a database, perhaps a Redis, and a server on a port."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import httpx

from tests.services.ports import free_port
from tests.services.process import ROOT, Process
from tests.services.redis import RedisServer
from tests.services.sessions import open_session
from tests.services.shell import Shell

SECRET_KEY = "signs-cookies-of-the-tests-and-nothing-else-0123456789"  # noqa: S105 - no secret
DEMO_PASSWORD = "nobody-but-the-tests"  # noqa: S105 - of everybody: production refuses those of the demo

Server = Literal["uvicorn", "runserver", "daphne"]
# The variables of the tests' own environment that servers get.
PASSED_ON = ("HOME", "LANG", "PATH", "TMPDIR")


class AppServer:
    """One server of the site, in production settings unless `environment` says otherwise.

    It keeps its port, database and Redis when it is stopped and started again, as a deploy does.

    Args:
        database_url: a migrated database.
        directory: where its log goes.
        redis: the Redis that it uses; None runs it without.
        server: `uvicorn` is `python -m config.serve`, `runserver` is Django's with Daphne behind it and DEBUG
            on, `daphne` is Daphne's own command.
        environment: variables to add or change; RATE_LIMITS is off unless given.
    """

    def __init__(
        self,
        *,
        database_url: str,
        directory: Path,
        redis: RedisServer | None = None,
        server: Server = "uvicorn",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.ws_url = f"ws://127.0.0.1:{self.port}"
        self.database_url = database_url
        self.redis = redis
        self.environment = production(
            PORT=str(self.port),
            SITE_URL=self.url,
            DATABASE_URL=database_url,
            RATE_LIMITS="off",
            WORKERS="1",
            DEBUG="on" if server == "runserver" else "off",
        )
        if redis is not None:
            self.environment["REDIS_URL"] = redis.url
        self.environment.update(environment or {})
        self._shell: Shell | None = None
        self.process = Process(
            f"{server} on port {self.port}",
            [sys.executable, *self._command(server)],
            log=directory / f"{server}-{self.port}.log",
            environment=self.environment,
        )

    def start(self) -> None:
        """Start it, and return when it answers."""
        self.process.start(self._answers)

    def stop(self) -> int | None:
        """End it as a supervisor would: SIGTERM first. Return its exit status."""
        self._close_shell()
        return self.process.stop()

    def kill(self) -> int | None:
        """Kill it and its workers, without any notice."""
        self._close_shell()
        return self.process.kill()

    def restart(self) -> None:
        self.stop()
        self.start()

    @property
    def worker(self) -> int:
        """The worker that serves: the youngest child of the supervisor."""
        return self.process.children()[-1]

    def log(self) -> str:
        """Return all that it printed."""
        return self.process.log.read_text(errors="replace")

    def manage(self, *arguments: str) -> str:
        """Run a management command on this site's database and settings. Return what it printed."""
        return manage(*arguments, environment=self.environment)

    def shell(self, statements: str) -> str:
        """Run statements in this site's Django, in one process for all of them. Return what they printed."""
        if self._shell is None:
            self._shell = Shell(self.environment)
        return self._shell.run(statements)

    def client(self, user: str | None = None) -> httpx.Client:
        """Return an HTTP client of the site; with `user`, a demo user who is logged in, CSRF header set."""
        client = self._new_client()
        if user is not None:
            for name, value in open_session(self.database_url, user, secret_key=SECRET_KEY).items():
                client.cookies.set(name, value, domain="127.0.0.1")
            client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
        return client

    def token(self, user: str) -> str:
        """Return the API token of a demo user."""
        with self._new_client() as client:
            answer = client.post("/api/token/", json={"username": user, "password": DEMO_PASSWORD})
        return str(answer.raise_for_status().json()["token"])

    def _close_shell(self) -> None:
        if self._shell is not None:
            self._shell.close()
            self._shell = None

    def _new_client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, follow_redirects=True, timeout=60.0, trust_env=False)

    def _command(self, server: Server) -> list[str]:
        if server == "uvicorn":
            return ["-m", "config.serve"]
        if server == "runserver":
            return ["manage.py", "runserver", f"127.0.0.1:{self.port}", "--noreload"]
        return ["-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port), "config.asgi:application"]

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5.0, trust_env=False).is_success
        except httpx.TransportError:
            return False


def production(**variables: str) -> dict[str, str]:
    """Return an environment with production's settings, and few variables of the developer's shell."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**kept, "SECRET_KEY": SECRET_KEY, "DEBUG": "off", "PYTHONUNBUFFERED": "1", **variables}


def manage(*arguments: str, environment: Mapping[str, str]) -> str:
    """Run a management command in a process of its own. Return what it printed.

    Raises RuntimeError with all its output when it fails.
    """
    done = subprocess.run(  # noqa: S603 - the command is the tests' own
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode != 0:
        output = done.stdout + done.stderr
        raise RuntimeError(f"manage.py {arguments[0]} exited with {done.returncode}:\n{output}")
    return done.stdout


def prepare(database_url: str, *, demo: bool = False) -> None:
    """Migrate a database, and fill it with the demo data if asked."""
    environment = production(DATABASE_URL=database_url)
    manage("migrate", "--verbosity", "0", environment=environment)
    if demo:
        manage("demo", "--password", DEMO_PASSWORD, environment=environment)


def collect_static_files() -> None:
    """Gather the static files under their hashed names, as production serves them."""
    manage("collectstatic", "--noinput", "--verbosity", "0", environment=production())
