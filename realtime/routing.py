"""The addresses that the event loop answers by itself: sockets, streams and requests that wait.

A project's asgi.py needs one line:

    application = with_live_comments(get_asgi_application())

Nothing here imports a model before that line is run, for only then is Django set up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from channels.routing import ProtocolTypeRouter
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import get_script_prefix
from django.urls import Resolver404, ResolverMatch, resolve

from comments.conf import socket_prefix
from realtime.cookies import without_costly_cookies
from realtime.origin import Application, OwnOriginOnly, is_turned_away, request_of

STREAM, HISTORY = "events", "history"  # names in comments.api.urls
ENDINGS = {"/events/": STREAM, "/history/": HISTORY}

made: set[str] = set()  # which of these applications the project has, for the system checks


def with_live_comments(
    django_application: Any, websocket: Application | None = None, largest_body: int | None = None
) -> Application:
    """A whole ASGI application: Django's, with live comments in front of it.

    websocket: the project's own application for WebSockets, which gets every address but the comments'.
    largest_body: bytes of a request; None leaves those that are not for comments to the project.
    Raises ImproperlyConfigured where the project has not installed this app.
    """
    if not apps.is_installed("realtime"):
        raise ImproperlyConfigured('Add "realtime" to INSTALLED_APPS: asgi.py serves live comments.')
    application: Application = ProtocolTypeRouter(
        {
            "http": http_application(django_application, largest_body),
            "websocket": websocket_application(websocket),
        }
    )
    return application


def websocket_application(otherwise: Application | None = None) -> Application:
    """The sockets, for a project with a ProtocolTypeRouter of its own.

    otherwise: answers all other addresses; without it, they are answered as what was unpublished is.
    """
    from realtime.readers.socket import serve_socket

    made.add("websocket")
    address = re.compile(rf"/{re.escape(socket_prefix())}(?P<kind>[-a-zA-Z0-9_]+)/(?P<key>[^/]+)/")

    async def serve(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        found = address.fullmatch(path_of(scope))
        await serve_socket(scope, (found["kind"], found["key"]) if found else ("", ""), receive, send)

    ours = OwnOriginOnly(serve)

    async def application(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        scope = without_costly_cookies(scope)
        is_ours = otherwise is None or address.fullmatch(path_of(scope))
        await (ours if is_ours or otherwise is None else otherwise)(scope, receive, send)

    return application


def http_application(django_application: Any, largest_body: int | None = None) -> Application:
    """Django's application behind limits, with streams and requests that wait answered in front of it.

    They are found where the project's URLs have `comments.urls`, whatever its prefix is.
    """
    from realtime.readers.polling import serve_question
    from realtime.readers.stream import serve_stream
    from realtime.requests.bounds import Bounds, has_body

    made.add("http")
    bounds = Bounds(django_application)

    async def answer(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        is_ours = largest_body is None and has_body(scope) and is_of_comments(scope)
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if is_ours else largest_body
        await bounds(scope, receive, send, most)

    async def application(scope: Mapping[str, Any], receive: Any, send: Any) -> None:
        scope = without_costly_cookies(scope)
        match = match_of(scope)
        # Django turns away who names another host, or comes by http where the site is https.
        if match is None or has_body(scope) or is_turned_away(request_of(scope)):
            await answer(scope, receive, send)
            return
        about = match.kwargs["collection"], match.kwargs["key"]
        if match.url_name == STREAM:
            await serve_stream(scope, about, receive, send)
        else:
            await serve_question(scope, about, receive, send, answer)

    return application


def match_of(scope: Mapping[str, Any]) -> ResolverMatch | None:
    """The address of a request that is for a stream, or may wait; None for all others."""
    path = path_of(scope)
    name = next((name for ending, name in ENDINGS.items() if path.endswith(ending)), None)
    if name is None or scope["method"] != "GET" or (name == HISTORY and b"wait" not in scope["query_string"]):
        return None
    match = resolved(path)
    return match if match is not None and match.url_name == name and is_ours(match) else None


def is_of_comments(scope: Mapping[str, Any]) -> bool:
    """Whether an address is one of `comments.urls`."""
    match = resolved(path_of(scope))
    return match is not None and is_ours(match)


def is_ours(match: ResolverMatch) -> bool:
    return match.app_names[-1:] == ["comments"]


def resolved(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def path_of(scope: Mapping[str, Any]) -> str:
    """The path of a request below the application's own prefix, as Django sees it."""
    path: str = scope["path"]
    return path.removeprefix(get_script_prefix(scope))
