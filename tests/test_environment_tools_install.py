"""The set-up of a fresh machine: the locks, and the choice of the Python that makes the environment."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.services.process import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ \\]+)", re.MULTILINE)
WHEEL = ("comments", "realtime")
SITE = (*WHEEL, "accounts", "blog", "config")
EXTRAS = ("production", "development", "site")  # of the site's lock
DECLARED = {
    "the wheel": (WHEEL, ()),
    "the site": (SITE, EXTRAS),
    "development": ((*SITE, "tests", "bench", "scripts"), (*EXTRAS, "dev")),
}
# Files of the wheel that are about what a project may do without: uvicorn imports the one, the other asks.
OPTIONAL = {
    ROOT / name
    for name in ("realtime/uvicorn_protocols.py", "realtime/uvicorn_http.py", "comments/outages.py")
}
MAKE_VENV = ROOT / "scripts" / "make-venv"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_place_on_a_machine(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host| /\w|~/", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_hashes(lock: str) -> None:
    for entry in re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text())[1:]:
        assert "--hash=sha256:" in entry


def test_the_lock_of_packages_for_node_names_no_host_to_fetch_them_from_and_has_their_hashes() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    for name, package in packages.items():
        assert "resolved" not in package, name
        assert name == "" or package["integrity"].startswith("sha512-"), name


def test_development_runs_the_versions_that_production_does() -> None:
    production, development = (set(PIN.findall((ROOT / lock).read_text())) for lock in LOCKS)

    assert production
    assert production < development


@pytest.mark.parametrize("what", DECLARED)
def test_what_the_code_imports_is_declared(what: str) -> None:
    places, extras = DECLARED[what]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = [name for extra in extras for name in project["optional-dependencies"][extra]]
    names = set(map(_project, [*project["dependencies"], *optional]))
    files = {path for place in places for path in (ROOT / place).rglob("*.py")}
    if "production" not in extras:
        files -= OPTIONAL
    imported = {module for path in files for module in _imports(path)}
    installed = packages_distributions()

    undeclared = {
        module for module in imported & installed.keys() if names.isdisjoint(map(_project, installed[module]))
    }

    assert imported
    assert not undeclared


def test_without_a_python_the_set_up_says_what_is_needed(tmp_path: Path) -> None:
    assert _refusal(tmp_path).startswith("Python 3.11 or newer is needed")


def test_an_old_python_is_not_taken(tmp_path: Path) -> None:
    _make_program(tmp_path / "python3", "exit 1")

    assert _refusal(tmp_path).startswith("Python 3.11 or newer is needed")


def test_a_python_that_cannot_make_environments_is_told_how_to_get_it(tmp_path: Path) -> None:
    # Debian's: new enough, without ensurepip, and able to say its version.
    answers = 'case "$2" in *ensurepip*) exit 1 ;; *print*) echo 3.12 ;; esac'
    _make_program(tmp_path / "python3", answers)

    assert _refusal(tmp_path).endswith("apt-get install python3.12-venv\n")


def _project(requirement: str) -> str:
    """Return the name that a requirement begins with, in the spelling of indexes."""
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")


def _imports(path: Path) -> Iterator[str]:
    """Yield the top-level name of each module that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _make_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def _refusal(path: Path) -> str:
    """Return what make-venv says when it finds programs in one directory only."""
    command = [MAKE_VENV, path / "venv"]
    done = subprocess.run(command, env={"PATH": str(path)}, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 1
    return done.stderr
