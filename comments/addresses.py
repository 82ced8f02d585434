"""Where a request comes from. No other module reads a peer's address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

UNKNOWN = "unknown"  # a peer without an address, as on a UNIX socket; all of those are one


def address_of(asked: HttpRequest | Mapping[str, Any] | None) -> str:
    """The peer's address, of a request or an ASGI scope; only trusted proxies may have changed it."""
    if asked is None:
        return UNKNOWN
    if isinstance(asked, HttpRequest):
        return str(asked.META.get("REMOTE_ADDR") or UNKNOWN)
    return str(asked["client"][0]) if asked.get("client") else UNKNOWN
