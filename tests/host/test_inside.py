"""What is in `inside` is tested in the host project, whose user model is its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.host.installing import PROJECT
from tests.services.process import ROOT

INSIDE = Path(__file__).parent / "inside"
COMMAND = ("manage.py", "test", "inside", "--pattern", "*.py")


def test_what_is_tested_inside_passes(tmp_path: Path) -> None:
    strangers = shutil.ignore_patterns("__pycache__", "db.sqlite3")
    project = shutil.copytree(PROJECT, tmp_path / "project", ignore=strangers)
    shutil.copytree(INSIDE, project / "inside", ignore=strangers)
    done = subprocess.run(  # noqa: S603 - the command is the tests' own
        [sys.executable, *COMMAND],
        cwd=project,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "\nOK\n" in done.stderr
