"""Statements in a site's own Django, one after the other in one process: starting Django costs a second."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import traceback
from collections.abc import Mapping

from tests.services.process import ROOT


class Shell:
    """A process with a site's settings, in which statements run until it is closed, or its parent ends.

    environment: the site's variables.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.services.shell"],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, statements: str) -> str:
        """Run them, with names of their own. Return what they printed.

        Raises RuntimeError with the traceback.
        """
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(json.dumps(statements) + "\n")
        self._child.stdin.flush()
        answer = self._child.stdout.readline()
        if not answer:
            raise RuntimeError(f"the shell exited with {self._child.wait()}")
        printed, failure = json.loads(answer)
        if failure:
            raise RuntimeError(failure)
        return str(printed)

    def close(self) -> None:
        """End the process, once what it announced is sent."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.close()
        self._child.wait(60)
        self._child.stdout.close()


def main() -> None:
    """Run what comes, a line each, in JSON, until there is no more."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import close_old_connections

    answers = sys.stdout
    for line in sys.stdin:
        printed, failure = io.StringIO(), ""
        close_old_connections()
        with contextlib.redirect_stdout(printed):
            try:
                exec(json.loads(line), {})  # noqa: S102 - the tests' own statements
            except Exception:
                failure = traceback.format_exc()
        answers.write(json.dumps([printed.getvalue(), failure]) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
