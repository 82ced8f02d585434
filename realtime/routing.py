"""The addresses of sockets."""

from channels.routing import URLRouter
from django.urls import path, re_path

from realtime.consumers import ArticleConsumer
from realtime.origin import OwnOriginOnly

article_socket = ArticleConsumer.as_asgi()

websocket_application = OwnOriginOnly(
    URLRouter(
        [
            path("ws/article/<slug:slug>/", article_socket),
            re_path("", article_socket),  # no article: it says so and closes, as for one that was unpublished
        ]
    )
)
