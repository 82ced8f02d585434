"""Sockets, streams and waiting requests are where a project wants them, and nothing else is taken from it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import override_settings

from realtime.readers.reader import view_of
from realtime.routing import match_of, websocket_application, with_live_comments


def scope(path: str, kind: str = "http", **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"origin", b"https://evil.example"), (b"host", b"127.0.0.1")],
        **more,
    }


def played(application: Any, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """What an application sends to somebody who then leaves."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{asked['type']}.disconnect", "code": 1005}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application(asked, receive, send))
    return sent


class Projects:
    """An application of the project's own, which only notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def __call__(self, scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])


WAITING = {"query_string": b"after=0&wait=20"}
OURS: list[tuple[str, dict[str, Any]]] = [
    ("/talk/api/recipes/plums/events/", {}),
    ("/talk/api/recipes/plums/history/", WAITING),
    ("/under/talk/api/recipes/plums/events/", {"root_path": "/under"}),
    ("/talk/api/recipes/plüms/events/", {}),
]
NOT_OURS: list[tuple[str, dict[str, Any]]] = [
    ("/talk/api/recipes/plums/history/", {}),  # it waits for nothing
    ("/talk/api/recipes/plums/comments/", {}),
    ("/talk/api/recipes/plums/events/", {"method": "POST"}),
    ("/talk/api/events/", {}),
    ("/api/recipes/plums/events/", {}),
    ("/concerts/events/", {}),  # the project's own, of the same name
    ("/recipes/plums/history/", WAITING),
]


@override_settings(ROOT_URLCONF="tests.realtime.own_urls")
@pytest.mark.parametrize(("path", "more"), OURS)
def test_streams_and_questions_are_found_below_the_projects_own_prefix(path: str, more: Any) -> None:
    match = match_of(scope(path, **more))

    assert match is not None
    assert match.kwargs["collection"] == "recipes"


@override_settings(ROOT_URLCONF="tests.realtime.own_urls")
@pytest.mark.parametrize(("path", "more"), NOT_OURS)
def test_every_other_request_goes_to_the_project_untouched(path: str, more: Any) -> None:
    django = Projects()

    assert played(with_live_comments(django), scope(path, **more)) == []
    assert django.asked == [path]


@pytest.mark.parametrize(
    ("prefix", "ours", "theirs"),
    [
        ("ws/", "/ws/article/plums/", "/live/article/plums/"),
        ("/live/talk", "/live/talk/recipe/1/", "/ws/article/plums/"),
        ("", "/recipe/1/", "/ws/recipe/1/"),
    ],
)
def test_sockets_are_below_the_prefix_and_the_projects_own_everywhere_else(
    prefix: str, ours: str, theirs: str
) -> None:
    with override_settings(COMMENTS_SOCKET_PREFIX=prefix):
        own = Projects()
        application = websocket_application(own)
        refused = played(application, scope(ours, "websocket"))
        played(application, scope(theirs, "websocket"))

    assert refused == [{"type": "websocket.close", "code": 1008}]  # for its Origin, which we look at
    assert own.asked == [theirs]


@pytest.mark.parametrize(
    ("query", "view"),
    [
        (b"reader=abcd-EF_01", "abcd-EF_01"),
        (b"a=1&reader=" + b"x" * 64 + b"&b=2", "x" * 64),
    ],
)
def test_a_page_names_its_view_in_the_address(query: bytes, view: str) -> None:
    assert view_of(query) == view


@pytest.mark.parametrize(
    "query",
    [b"", b"reader=", b"reader=short", b"reader=" + b"x" * 65, b"reader=a%20b%20c%20d", b"xreader=abcdefgh"],
)
def test_a_view_without_a_name_or_with_junk_is_none(query: bytes) -> None:
    assert view_of(query) is None
