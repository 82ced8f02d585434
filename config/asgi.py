"""The ASGI application: pages and streams over HTTP, live comments over WebSocket."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

# These import models, so they stand after Django's set-up.
from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware  # noqa: E402

from realtime.routing import http_application, websocket_application  # noqa: E402

application = ProtocolTypeRouter(
    {"http": http_application(django_application), "websocket": websocket_application}
)
if settings.TRUSTED_PROXIES:
    # The same for every server: only a proxy that is named here can say where a request came from.
    application = ProxyHeadersMiddleware(application, trusted_hosts=settings.TRUSTED_PROXIES)
