"""Production does not start while an account has a password that everybody knows, and says which."""

import os
import subprocess
import sys

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.core.checks import Tags, run_checks
from django.test import TestCase, override_settings

from config.demo_accounts import accounts_with_known_passwords, check_accounts, refusal
from tests.realtime.database import execute
from tests.services.process import ROOT
from tests.services.site import production

QUICK = 10  # rounds of PBKDF2, whose number is in the hash


def hash_of(password: str) -> str:
    """A hash as earlier versions of the demo made it, with any salt."""
    return PBKDF2PasswordHasher().encode(password, "any-salt-of-some-length", QUICK)


def run(*arguments: str, database_url: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the command is the tests' own
        [sys.executable, *arguments],
        cwd=ROOT,
        env=production(DATABASE_URL=database_url, WORKERS="1", **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"])
class KnownPasswords(TestCase):
    def make(self, name: str, password: str, **more: bool) -> None:
        User.objects.create(username=name, password=hash_of(password), **more)

    def test_the_demos_accounts_are_found_with_their_passwords_only(self) -> None:
        self.make("admin", "admin")
        self.make("moderator", "plum-stone")
        self.make("reader7", "demo-password")
        self.make("reader12", "demo-password", is_active=False)  # who is switched off can do nothing
        self.make("reader51", "demo-password")  # the demo does not make so many
        for name, no_hash in {"reader1": "!", "reader2": "junk"}.items():
            User.objects.create(username=name, password=no_hash)

        self.assertEqual(accounts_with_known_passwords(), ["admin", "reader7"])

    def test_readers_who_share_a_hash_are_all_named(self) -> None:
        shared = hash_of("demo-password")
        for number in range(1, 51):
            User.objects.create(username=f"reader{number}", password=shared)

        self.assertEqual(len(accounts_with_known_passwords()), 50)
        self.assertIn("reader1, reader2, reader3 and 47 more", refusal(accounts_with_known_passwords()))

    def test_the_development_is_told_nothing_and_a_real_site_by_djangos_own_check(self) -> None:
        self.make("admin", "admin")
        with self.settings(DEBUG=True):
            self.assertEqual(check_accounts(databases=["default"]), [])
        found = run_checks(tags=[Tags.database], databases=["default"], include_deployment_checks=True)
        self.assertEqual([each.id for each in found], ["config.E001"])


def test_production_does_not_start_with_them_and_says_which(database_url: str) -> None:
    execute(
        database_url,
        "INSERT INTO auth_user (username, password, is_superuser, is_staff, is_active, first_name, last_name,"
        " email, date_joined) VALUES (?, ?, ?, ?, ?, '', '', '', '2026-01-01 00:00:00+00:00')",
        "admin",
        hash_of("admin"),
        True,
        True,
        True,
    )
    done = run("-m", "config.serve", database_url=database_url)

    assert done.returncode == 1
    assert done.stderr.startswith("The site can't start. Everybody knows the passwords")
    assert "admin" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["manage.py", "demo"], ["-m", "scripts.run"]])
def test_a_shell_without_the_key_reaches_no_real_database(command: list[str], database_url: str) -> None:
    variables = {**production(DATABASE_URL=database_url)}
    for name in ("SECRET_KEY", "DEBUG"):
        del variables[name]
    done = subprocess.run(  # noqa: S603 - the command is the tests' own
        [sys.executable, *command], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("The site can't start. SECRET_KEY is not set, while DATABASE_URL is")


def test_make_run_leaves_the_database_of_an_operators_shell_alone(database_url: str) -> None:
    done = run("-m", "scripts.run", database_url=database_url, DEBUG="on")

    assert done.returncode == 1
    assert "Unset DATABASE_URL" in done.stderr
    assert os.linesep not in done.stderr.strip()
