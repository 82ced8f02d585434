"""An outage is logged in one line, and a bug with its traceback."""

import asyncio
import logging

import pytest
import redis.exceptions
from channels.exceptions import ChannelFull
from django.db import InterfaceError, OperationalError

from comments.outages import unexpected
from realtime.rooms.tasks import Tasks

OUTAGES = [
    OperationalError,
    InterfaceError,
    redis.exceptions.ConnectionError,
    OSError,
    TimeoutError,
    ChannelFull,
]
BUGS = [ValueError, KeyError, AttributeError, RuntimeError]


@pytest.mark.parametrize("error", [kind("it failed") for kind in OUTAGES], ids=repr)
def test_an_outage_has_no_traceback(error: Exception) -> None:
    assert unexpected(error) is None


@pytest.mark.parametrize("error", [kind("it failed") for kind in BUGS], ids=repr)
def test_every_other_error_has_one(error: Exception) -> None:
    assert unexpected(error) is error


@pytest.mark.parametrize("kind", [OSError, ValueError])
def test_work_that_nobody_waits_for_is_logged_when_it_fails(
    kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise kind("it failed")

    async def play() -> None:
        Tasks().spawn(fail())
        for _ in range(3):
            await asyncio.sleep(0)

    with caplog.at_level(logging.WARNING):
        asyncio.run(play())

    [record] = caplog.records
    assert "it failed" in record.getMessage()
    assert bool(record.exc_info) is (kind is ValueError)
