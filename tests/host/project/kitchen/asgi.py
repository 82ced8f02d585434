"""The host project's ASGI application."""

import os

from django.core.asgi import get_asgi_application

from realtime.routing import with_live_comments  # live comments

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitchen.settings")
application = with_live_comments(get_asgi_application())  # live comments
