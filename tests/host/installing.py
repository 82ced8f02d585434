"""The wheel of `comments` and `realtime`, installed into a fresh environment for a project of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx

from tests.services.ports import free_port
from tests.services.process import ROOT, Process
from tests.services.site import production

PROJECT = Path(__file__).parent / "project"
PIN = re.compile(r"^([\w.-]+==[^ ]+(?: ;[^\\]+)?)", re.MULTILINE)
EMAIL, PASSWORD = "chef@kitchen.example", "a whisk and a bowl"


class Host:
    """A copy of tests/host/project in a directory of its own, with an environment that knows nothing else.

    Args:
        directory: where the environment, the project, its database and its logs go.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.project = directory / "project"
        self.python = directory / "venv" / "bin" / "python"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = production()
        del self.environment["DEBUG"], self.environment["SECRET_KEY"]

    @property
    def wheel(self) -> Path:
        (wheel,) = (self.directory / "wheels").glob("*.whl")
        return wheel

    def install(self) -> None:
        """Build the wheel and install it, with what it needs at the locked versions."""
        wheels = self.directory / "wheels"
        _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", wheels, ROOT)
        pins = self.directory / "pins.txt"
        pins.write_text("\n".join(PIN.findall((ROOT / "requirements.txt").read_text())))
        _run(sys.executable, "-m", "venv", "--without-pip", self.python.parent.parent)
        _run(
            *(sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet", "--no-compile"),
            *("--constraint", pins, f"live-comments[production,development] @ {self.wheel.as_uri()}"),
        )
        shutil.copytree(PROJECT, self.project, ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, *arguments: str, **variables: str) -> str:
        """Run the environment's Python in the project. Return what it printed."""
        return _run(self.python, *arguments, directory=self.project, environment=self.environment | variables)

    def manage(self, *arguments: str, **variables: str) -> str:
        return self.run("manage.py", *arguments, **variables)

    def new_server(self, *arguments: str) -> Process:
        """A server of the project, not started; its address comes at the end of its arguments."""
        return Process(
            f"host's {arguments[0]}",
            [self.python, *arguments],
            log=self.directory / f"{arguments[-1]}.log",
            environment=self.environment,
            directory=self.project,
        )

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/admin/login/", timeout=5.0, trust_env=False).is_success
        except httpx.TransportError:
            return False


def _run(*command: object, directory: Path = ROOT, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(  # noqa: S603 - the commands are the tests' own
        [str(word) for word in command],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{command[1:]} failed:\n{done.stdout}{done.stderr}"
    return done.stdout
