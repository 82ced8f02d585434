"""The host project's ASGI application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitchen.settings")
application = get_asgi_application()

from realtime.routing import with_live_comments  # noqa: E402 # live comments

application = with_live_comments(application)  # live comments
