"""The addresses that the event loop answers by itself: sockets, streams and requests that wait."""

from typing import Any

from channels.routing import URLRouter
from django.urls import path, re_path

from realtime.origin import Application, OwnOriginOnly
from realtime.readers.polling import LongPolling
from realtime.readers.socket import ArticleConsumer
from realtime.readers.stream import event_stream

# Channels' router takes ASGI applications where Django's stubs expect views.
article_socket: Any = ArticleConsumer.as_asgi()
article_events: Any = event_stream

websocket_application = OwnOriginOnly(
    URLRouter(
        [
            path("ws/<slug:kind>/<str:key>/", article_socket),
            re_path("", article_socket),  # no article: it says so and closes, as for one that was unpublished
        ]
    )
)


def http_application(django_application: Any) -> Application:
    """Django's application, with streams and long polling in front of it."""
    polling: Any = LongPolling(django_application)
    router: Application = URLRouter(
        [
            path("api/<slug:kind>/<str:key>/events/", article_events),
            re_path("", polling),
        ]
    )
    return router
