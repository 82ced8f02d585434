"""The ASGI application: pages and streams over HTTP, live comments over WebSocket."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from config.health import with_sign_of_life
from realtime.routing import with_live_comments

application: Any = with_sign_of_life(
    with_live_comments(get_asgi_application(), largest_body=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
)
if settings.TRUSTED_PROXIES:
    # The same for every server: only a proxy that is named here can say where a request came from.
    application = ProxyHeadersMiddleware(application, trusted_hosts=settings.TRUSTED_PROXIES)
