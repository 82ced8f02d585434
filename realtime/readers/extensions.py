"""What a server may offer in scope["extensions"], so that readers are served faster and sent away in order.

Everything works without them: at the price of a task switch and the framing for each socket, and with readers
who are cut off when the server stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# For sockets: {"write": f, "abort": f, "on_shutdown": f}. `write` takes a whole frame of RFC 6455 and puts it
# on the transport at once, or returns False and takes nothing; `abort` drops the connection with what it
# still holds; `on_shutdown` is given what to call when the server stops.
PREPARED = "comments.prepared"

# For HTTP requests: {"abort": f, "on_shutdown": f}; `on_shutdown` also where the server has begun to stop.
CONNECTION = "comments.connection"


def extension_of(scope: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The server's extension of this name; an empty one where it has none."""
    return (scope.get("extensions") or {}).get(name) or {}
