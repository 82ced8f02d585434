"""The host project's own tests pass with `comments` and `realtime` as they are in this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.host.installing import PROJECT
from tests.services.process import ROOT


def test_its_own_tests_pass(tmp_path: Path) -> None:
    project = shutil.copytree(
        PROJECT, tmp_path / "project", ignore=shutil.ignore_patterns("__pycache__", "db.sqlite3")
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "test", "people"],
        cwd=project,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "kitchen.settings",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
