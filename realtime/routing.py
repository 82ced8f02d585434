"""The addresses that the event loop answers by itself: sockets, streams and requests that wait."""

from channels.routing import URLRouter
from django.urls import path, re_path

from realtime.consumers import ArticleConsumer
from realtime.events import event_stream
from realtime.origin import Application, OwnOriginOnly
from realtime.polling import LongPolling

article_socket = ArticleConsumer.as_asgi()

websocket_application = OwnOriginOnly(
    URLRouter(
        [
            path("ws/article/<slug:slug>/", article_socket),
            re_path("", article_socket),  # no article: it says so and closes, as for one that was unpublished
        ]
    )
)


def http_application(django_application: Application) -> Application:
    """Django's application, with streams and long polling in front of it."""
    router: Application = URLRouter(
        [
            path("api/articles/<slug:slug>/events/", event_stream),
            re_path("", LongPolling(django_application)),
        ]
    )
    return router
