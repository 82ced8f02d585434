"""The probes of supervisors and load balancers: whether the process is alive, and what it reaches."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import sync_and_async_middleware
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

WORDS = {True: "answers", False: "out of reach", None: "not used"}
ALIVE = b"ok\n"
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@sync_and_async_middleware
def answer_probes(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware that answers /healthz and /readyz before any other looks at the request.

    A probe comes from inside: it may name any host, and it speaks http where the site speaks https. The
    checks that protect browsers must not turn it away.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        probe = probe_of(request)
        return cast(HttpResponse, get_response(request)) if probe is None else probe()

    async def respond_async(request: HttpRequest) -> HttpResponse:
        probe = probe_of(request)
        if probe is None:
            return await cast(Awaitable[HttpResponse], get_response(request))
        return await sync_to_async(probe)()

    return respond_async if iscoroutinefunction(get_response) else respond


def probe_of(request: HttpRequest) -> Callable[[], HttpResponse] | None:
    """The function that answers the request, if it is a probe."""
    return PROBES.get(request.path) if request.method in ("GET", "HEAD") else None


def healthz() -> HttpResponse:
    """200: this process is alive. It asks nothing else, so that a dead Redis does not get workers killed."""
    return HttpResponse(ALIVE, content_type="text/plain", headers=HEADERS)


def with_sign_of_life(application: Any) -> Any:
    """An ASGI application that answers /healthz itself: when all threads are busy, the process is alive."""
    headers = {"Content-Type": "text/plain", "Content-Length": str(len(ALIVE)), **HEADERS}
    lines = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def respond(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/healthz" or scope["method"] not in ("GET", "HEAD"):
            await application(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": lines})
        await send({"type": "http.response.body", "body": ALIVE})

    return respond


def readyz() -> HttpResponse:
    """200 while the database answers, else 503. Without Redis the site is slower, and `degraded`.

    Anybody may ask, so the answer is the state alone. What is out of reach is for the log.
    """
    database, redis = has_database(), has_redis()
    state = "down" if not database else "degraded" if redis is False else "ready"
    _log_change(state, f"database {WORDS[database]}, Redis {WORDS[redis]}")
    return JsonResponse({"state": state}, status=200 if database else 503, headers=HEADERS)


def _log_change(state: str, details: str) -> None:
    """Log what is out of reach, once for each change: probes come every few seconds."""
    global _told
    if details != _told and not (_told is None and state == "ready"):
        logger.log(logging.INFO if state == "ready" else logging.WARNING, "%s: %s", state, details)
    _told = details


def has_database() -> bool:
    """Whether the database answers and has our tables: SQLite makes an empty one where the file is gone."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            return cursor.fetchone() is not None
    except Error:
        return False


def has_redis() -> bool | None:
    """Whether Redis answers; None where the site runs without one."""
    if settings.REDIS_URL is None:
        return None
    try:
        with Redis.from_url(settings.REDIS_URL, **settings.REDIS_PATIENCE, **settings.REDIS_LOGIN) as redis:
            return bool(redis.ping())
    except RedisError:
        return False


_told: str | None = None  # what the last probe found
PROBES = {"/healthz": healthz, "/readyz": readyz}
