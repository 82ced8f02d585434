"""What a supervisor or a load balancer asks: is the process alive, and what does it reach."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. It asks nobody else, so that a dead Redis does not get workers killed."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database answers. 503 while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"database": "out of reach"}, status=503, headers={"Cache-Control": "no-store"})
    return JsonResponse({"database": "ok"}, headers={"Cache-Control": "no-store"})
