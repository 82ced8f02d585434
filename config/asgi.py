"""The ASGI application: pages and streams over HTTP, live comments over WebSocket."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from realtime.routing import with_live_comments

application: Any = with_live_comments(get_asgi_application())
if settings.TRUSTED_PROXIES:
    # The same for every server: only a proxy that is named here can say where a request came from.
    application = ProxyHeadersMiddleware(application, trusted_hosts=settings.TRUSTED_PROXIES)
