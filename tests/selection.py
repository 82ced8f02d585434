"""Which tests run, on which databases, and in what order."""

from __future__ import annotations

import os
import re
from collections import Counter

import pytest
from django.test import TransactionTestCase

STAGES = {"stage", "limited_stage", "uvicorn_stage", "new_stage"}
USE_THE_DATABASE = {"db", "database_url", "demo_database_url", "live_site", *STAGES}
# Tests of the wire, which run on one database only: what they say holds whatever stores the comments.
OF_THE_WIRE = re.compile(
    r"tests/rfc6455/|tests/bad_input/test_(forwarded|frames|handshakes)|tests/junk/test_(handshakes|memory|sockets)"
    r"|tests/realtime/test_(frames|going_away|handshake|live_presence|live_typing|presence_over_restarts"
    r"|silent_layer|slow_handshake|slow_readers|stalled_streams|two_sites)\.py"
)


def select(items: list[pytest.Item]) -> None:
    """Mark the tests, leave out those that are for another run, and put those with a browser last."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker("browser")
        if OF_THE_WIRE.match(item.nodeid):
            continue
        if fixtures & USE_THE_DATABASE or item.get_closest_marker("django_db") or _is_database_case(item):
            item.add_marker("database")
    _deselect_thorough(items)
    _move_browsers_to_the_end(items)


def _move_browsers_to_the_end(items: list[pytest.Item]) -> None:
    """By files, which a process of pytest-xdist takes whole: no event loop can run beside a browser.

    The files with most of them begin, so that the processes end at about the same time.
    """
    with_browser = Counter(item.path for item in items if item.get_closest_marker("browser") is not None)
    items.sort(key=lambda item: (item.path in with_browser, -with_browser[item.path]))


def _deselect_thorough(items: list[pytest.Item]) -> None:
    """Leave tests that take long to `make test-faults`."""
    if os.environ.get("THOROUGH") != "on":
        items[:] = [item for item in items if item.get_closest_marker("thorough") is None]


def _is_database_case(item: pytest.Item) -> bool:
    case = getattr(item, "cls", None)
    return isinstance(case, type) and issubclass(case, TransactionTestCase)
