"""Where a request comes from. No other module reads a peer's address."""

from __future__ import annotations

from django.http import HttpRequest

UNKNOWN = "unknown"  # a peer without an address, as on a UNIX socket; all of those are one


def address_of(request: HttpRequest | None) -> str:
    """The peer's address, of a request or a handshake; only trusted proxies may have changed it."""
    return str(request.META.get("REMOTE_ADDR") or UNKNOWN) if request is not None else UNKNOWN
