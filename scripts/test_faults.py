"""`make test-faults`: proves every promise of docs/reliability.md by its fault, and prints their table.

It runs the tests that carry a promise, wherever they are, also those that take too long for `make test`.
Arguments are pytest's.
"""

from __future__ import annotations

import os
import subprocess
import sys

from scripts.test import install
from tests.services.finding import describe_missing, get_missing

VARIABLES = {"THOROUGH": "on", "TEST_MISSING_SAID": "later"}


def main(arguments: list[str]) -> int:
    install(get_missing())
    missing = get_missing()
    chosen = arguments or ["--every-promise"]
    command = [sys.executable, "-m", "pytest", "-p", "tests.faults.table", "-m", "promise", *chosen]
    done = subprocess.run(command, env={**os.environ, **VARIABLES}, check=False)  # noqa: S603 - ours
    if missing:
        print(f"\n{describe_missing(missing)}", file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
