"""What a supervisor or a load balancer asks: is the process alive, and what does it reach."""

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis
from redis.exceptions import RedisError


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. It asks nobody else, so that a dead Redis does not get workers killed."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database answers; 503 while it does not. Without Redis the site is slower, and says so."""
    database, channel_layer = has_database(), has_redis()
    state = "down" if not database else "degraded" if channel_layer is False else "ready"
    words = {True: "ok", False: "out of reach", None: "in memory"}
    answer = {"state": state, "database": words[database], "channel_layer": words[channel_layer]}
    return JsonResponse(answer, status=200 if database else 503, headers={"Cache-Control": "no-store"})


def has_database() -> bool:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def has_redis() -> bool | None:
    """Whether Redis answers; None where the site runs without one."""
    if settings.REDIS_URL is None:
        return None
    try:
        with Redis.from_url(settings.REDIS_URL, **settings.REDIS_PATIENCE) as redis:
            return bool(redis.ping())
    except RedisError:
        return False
