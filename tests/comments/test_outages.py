"""An outage is logged in one line, and a bug with its traceback."""

import asyncio
import logging
import uuid
from typing import Any

import pytest
import redis.exceptions
from channels.exceptions import ChannelFull
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError
from django.test import Client

from comments.api.errors import answer
from comments.errors import BUSY
from comments.outages import unexpected
from realtime.protocol import Close
from realtime.readers.refusals import refusal_of
from realtime.rooms.tasks import Tasks
from tests.comments.cast import make_alice, make_article

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


@pytest.mark.parametrize("error", [kind("it failed") for kind in OUTAGES], ids=repr)
def test_an_outage_is_answered_as_one_on_every_way(error: Exception) -> None:
    refusal = refusal_of(error, "a test")
    assert (refusal.code, refusal.error.code) == (Close.BACKEND_DOWN, 503)
    answered = answer(error, {})
    assert answered is not None
    assert answered.data["reason"] == "busy"


def name_from_a_service_that_is_down(user: User) -> str:
    raise ConnectionError("it is down")


@pytest.mark.django_db
def test_a_plain_form_is_answered_in_a_sentence_while_nobody_can_be_recognised(
    settings: Any, client: Client
) -> None:
    article = make_article(make_alice())
    client.force_login(article.author)
    settings.COMMENTS_NAME_OF = f"{__name__}.{name_from_a_service_that_is_down.__name__}"
    form = {"content": "Hello.", "ref": str(uuid.uuid4())}

    refused = client.post("/articles/plums/comments/", form)

    assert (refused.status_code, refused["Retry-After"]) == (503, "2")
    assert refused.content.decode() == BUSY.message


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
