"""A start that is refused says why in one line, and a proper one passes Django's checks."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.process import ROOT
from tests.services.site import production


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python with production's settings, changed by `variables`; an empty one is not set."""
    environment = {name: value for name, value in production(**variables).items() if value}
    return subprocess.run(  # noqa: S603 - the command is the tests' own
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("command", "variables", "named"),
    [
        (["manage.py", "check"], {"SECRET_KEY": ""}, "SECRET_KEY"),
        (["manage.py", "check"], {"SITE_URL": "nowhere"}, "SITE_URL"),
        (["-m", "config.serve"], {"SECRET_KEY": ""}, "SECRET_KEY"),
        (["-m", "config.serve"], {"WORKERS": "2"}, "REDIS_URL"),
        (["-m", "config.serve"], {"PORT": "none"}, "PORT"),
    ],
)
def test_a_start_that_is_refused_says_why_in_one_line(
    command: list[str], variables: dict[str, str], named: str
) -> None:
    done = run(*command, **variables)

    assert done.returncode == 1
    assert done.stderr.startswith("The site can't start. ")
    assert done.stderr.count("\n") == 1
    assert named in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("site_url", ["https://blog.example.org", "http://127.0.0.1:8000"])
def test_djangos_checks_of_a_deployment_have_nothing_to_say(site_url: str, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    done = run(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING", SITE_URL=site_url, DATABASE_URL=database
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_every_change_of_the_models_has_its_migration(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    done = run("manage.py", "makemigrations", "--check", "--dry-run", DATABASE_URL=database)

    assert done.returncode == 0, done.stdout


def test_the_development_server_is_loaded_in_development_only() -> None:
    statement = "import config.asgi, sys; print('twisted' in sys.modules)"
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings"}
    assert run("-c", statement, **settings).stdout == "False\n"
    assert run("-c", statement, DEBUG="on", **settings).stdout == "True\n"
