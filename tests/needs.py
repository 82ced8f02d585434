"""What the tests need of this machine and do not find: the tests that need it are skipped."""

import pytest

from tests.services.finding import Need, get_missing

MISSING = get_missing()


def require(need: Need) -> None:
    """Skip the test where the program that it needs is not on this machine."""
    if need in MISSING:
        pytest.skip(f"no {need.name} on this machine ({need.advice})")
