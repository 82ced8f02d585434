"""`make test`: every test, against real programs, which are installed first where that is possible.

The suite runs on SQLite; the tests that use the database run again on PostgreSQL. Arguments are pytest's.
"""

import os
import shutil
import subprocess
import sys

import pytest

from tests.services.finding import POSTGRES, Need, describe_missing, get_missing

# File by file, in the order of collection: in each process the tests with a browser have to come last.
SIDE_BY_SIDE = ["--dist", "loadfile", "--no-loadscope-reorder"]
MOST_PROCESSES = 6
NOTHING_SELECTED = pytest.ExitCode.NO_TESTS_COLLECTED
# Debian would also start the programs as services, which the tests do not want.
NO_SERVICES = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}


def install(missing: list[Need]) -> None:
    """Install what is missing with apt, where there is apt and we are root; print why where that fails."""
    if not missing or shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    packages = [package for need in missing for package in need.packages]
    print(f"Installing {', '.join(packages)} with apt …", flush=True)
    environment = {**os.environ, **NO_SERVICES}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(  # noqa: S603 - our own command
            ["apt-get", "-qq", *command],  # noqa: S607 - wherever apt-get is
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            print(f"apt-get {command[0]} failed:\n{done.stderr}", file=sys.stderr, flush=True)


def run(title: str, database: str, arguments: list[str]) -> int:
    """Run pytest once. Return its exit status."""
    print(f"\n=== {title} ===\n", flush=True)
    command = [sys.executable, "-m", "pytest", *arguments]
    # What is missing is printed once, at the very end, and not by each run.
    variables = {"TEST_DATABASE": database, "TEST_MISSING_SAID": "later"}
    return subprocess.run(command, env={**os.environ, **variables}, check=False).returncode  # noqa: S603 - ours


def get_options() -> list[str]:
    """Return pytest's options for a whole run, with more processes than cores: most tests only wait."""
    return ["-n", str(min((os.cpu_count() or 1) + 2, MOST_PROCESSES)), *SIDE_BY_SIDE]


def main(arguments: list[str]) -> int:
    options = arguments or get_options()
    install(get_missing())
    missing = get_missing()
    results = [run("Every test, on SQLite", "sqlite", options)]
    if POSTGRES not in missing:
        chosen = ["-m", "database and not browser", *options]
        results.append(run("What touches the database, on PostgreSQL", "postgresql", chosen))
    if missing:
        print(f"\n{describe_missing(missing)}", file=sys.stderr)
        if os.environ.get("CI"):
            return 1
    if arguments and NOTHING_SELECTED in results and pytest.ExitCode.OK in results:
        # The tests that were asked for run on one database only.
        results.remove(NOTHING_SELECTED)
    return next((result for result in results if result != pytest.ExitCode.OK), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
