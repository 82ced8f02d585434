"""System checks: what live delivery rests on, each with the way to mend it."""

from __future__ import annotations

import sys
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils.module_loading import import_string

from realtime import routing

IN_MEMORY = "channels.layers.InMemoryChannelLayer"
PUBSUB = "channels_redis.pubsub.RedisPubSubChannelLayer"
EVERYBODYS_PREFIX = "asgi"  # what channels_redis uses for every project that names none


def check_channel_layer(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Look at the channel layer, on which processes tell each other what was committed."""
    layer = _default_layer()
    backend = str(layer.get("BACKEND", ""))
    found: list[CheckMessage] = []
    if not backend:
        hint = f'CHANNEL_LAYERS = {{"default": {{"BACKEND": "{IN_MEMORY}"}}}} does for one process.'
        return [Error("There is no default channel layer.", hint=hint, id="realtime.E001")]
    if backend.startswith("channels_redis.core."):
        text = "The channel layer drops messages when many come at once, so comments arrive seconds late."
        found.append(Warning(text, hint=f"Use {PUBSUB}.", id="realtime.W002"))
    prefix = layer.get("CONFIG", {}).get("prefix", EVERYBODYS_PREFIX)
    if backend.startswith("channels_redis.") and prefix == EVERYBODYS_PREFIX:
        text = "The channel layer has no prefix of its own: two sites on one Redis hear each other."
        hint = 'Add "prefix": "a name for this site" to its CONFIG.'
        found.append(Warning(text, hint=hint, id="realtime.W003"))
    return found


def check_processes(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Look whether several processes could reach each other's readers."""
    if settings.DEBUG or _default_layer().get("BACKEND") != IN_MEMORY:
        return []
    text = "The channel layer lives in the memory of one process; readers of another hear seconds later."
    hint = f"Use {PUBSUB}, or silence this where one process is all there is."
    return [Warning(text, hint=hint, id="realtime.W004")]


def check_server(app_configs: Any = None, **rest: Any) -> list[CheckMessage]:
    """Look whether the project has an application for sockets, and `runserver` a server for it."""
    path = getattr(settings, "ASGI_APPLICATION", None)
    if not path:
        text = "ASGI_APPLICATION is not set, so there is no application for sockets."
        hint = 'Name the project\'s ASGI application, as in "project.asgi.application".'
        return [Warning(text, hint=hint, id="realtime.W005")]
    found: list[CheckMessage] = []
    try:
        import_string(path)
    except ImportError as error:
        text = f"ASGI_APPLICATION is {path!r}, which can't be imported: {error}."
        return [
            Warning(text, hint="Name the application that is in the project's asgi.py.", id="realtime.W008")
        ]
    if missing := {"http", "websocket"} - routing.made:
        text = f"{path} does not answer the comments' {' and '.join(sorted(missing))} addresses."
        hint = "Wrap Django's application in its module: with_live_comments(get_asgi_application())."
        found.append(Warning(text, hint=hint, id="realtime.W006"))
    if not apps.is_installed("daphne") and (settings.DEBUG or "runserver" in sys.argv[1:2]):
        text = "`runserver` answers no sockets: it is Django's own, and serves the WSGI application."
        hint = 'Put "daphne" first in INSTALLED_APPS.'
        found.append(Warning(text, hint=hint, id="realtime.W007"))
    return found


def register_checks() -> None:
    """Have Django run these checks; the one about processes only for a deployment."""
    register(check_channel_layer)
    register(check_server)
    register(check_processes, Tags.security, deploy=True)


def _default_layer() -> dict[str, Any]:
    layers: dict[str, dict[str, Any]] = getattr(settings, "CHANNEL_LAYERS", None) or {}
    return layers.get("default") or {}
