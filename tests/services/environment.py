"""The configuration of the tests' own Django.

This is a pytest plugin, named in pyproject.toml, because pytest-django reads the settings before any
conftest.py is imported. The site's variables in the developer's shell are set aside: tests must not reach a
real database or Redis. TEST_DATABASE=postgresql makes Django's tests run on PostgreSQL; by default they run
on SQLite.

Limits on rates are off, as they are for the servers that tests start: a test of one turns them on. Hypothesis
has no deadlines: how long an example takes says something about the machine and not about the site.
"""

import atexit
import os
import signal

import pytest
from hypothesis import HealthCheck, settings

from tests.services.postgres import get_postgres

THE_SITES = (
    "ALLOWED_HOSTS",
    "CHANNEL_PREFIX",
    "COMMENTS_GUESTS",
    "DATABASE_URL",
    "PORT",
    "RATE_LIMITS",
    "REDIS_URL",
    "SECRET_KEY",
    "SITE_URL",
    "SITE_NAME",
    "SITE_TAGLINE",
    "SITE_DESCRIPTION",
    "FEED_HOST",
    "HSTS",
    "TRUSTED_PROXIES",
    "WORKERS",
)
DATABASES = ("sqlite", "postgresql")


def which_database() -> str:
    """Return the database that this test run is about: sqlite or postgresql."""
    database = os.environ.get("TEST_DATABASE", "sqlite")
    if database not in DATABASES:
        raise pytest.UsageError(f"TEST_DATABASE is {database!r}; it must be one of {', '.join(DATABASES)}.")
    return database


def _configure() -> None:
    # On SIGTERM pytest ends as on Ctrl-C, together with the programs that it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for name in THE_SITES:
        os.environ.pop(name, None)
    # A database of the tests' own needs a key of their own, as any but the development's does.
    os.environ.update({"DEBUG": "on", "RATE_LIMITS": "off", "SECRET_KEY": "signs-what-the-tests-sign"})
    # Based on the profile that Hypothesis has chosen by itself, which in CI is another one than elsewhere.
    settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("patient")
    if which_database() == "postgresql":
        try:
            server = get_postgres()
        except FileNotFoundError as error:
            raise pytest.UsageError(f"TEST_DATABASE is postgresql, and there is none: {error}.") from None
        # For the fixtures too: one server serves the whole run.
        atexit.register(server.close)
        os.environ["TEST_DATABASE_URL"] = os.environ["DATABASE_URL"] = server.url


_configure()
