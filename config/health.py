"""The probes of supervisors and load balancers: whether the process is alive, and what it reaches."""

from __future__ import annotations

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
    return HttpResponse("ok\n", content_type="text/plain", headers=HEADERS)


def readyz() -> HttpResponse:
    """200 while the database answers, else 503. Without Redis the site is slower, and `degraded`."""
    database, channel_layer = has_database(), has_redis()
    state = "down" if not database else "degraded" if channel_layer is False else "ready"
    words = {True: "ok", False: "out of reach", None: "in memory"}
    answer = {"state": state, "database": words[database], "channel_layer": words[channel_layer]}
    return JsonResponse(answer, status=200 if database else 503, headers=HEADERS)


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


PROBES = {"/healthz": healthz, "/readyz": readyz}
