"""Cookies that cost a server more than they are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Python before 3.11.10 and 3.12.6 looks through the rest of a quoted cookie at every backslash: this many
# looks at a byte take some ms.
MOST_LOOKS = 1_000_000


def without_costly_cookies(scope: Mapping[str, Any]) -> Mapping[str, Any]:
    """The scope of a handshake or a request; without its cookies, where it would take long to read them.

    No browser has such cookies by accident, and who has none is nobody.
    """
    cookies = b",".join(value for name, value in scope["headers"] if name == b"cookie")
    if cookies.count(b"\\") * len(cookies) <= MOST_LOOKS:
        return scope
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"cookie"]}
