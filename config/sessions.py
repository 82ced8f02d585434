"""The store of sessions, in Django's table, and how long those of the staff last."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.http import HttpRequest
from django.utils import timezone

STAFF_SESSION = timedelta(hours=12)  # since the login


class SessionStore(DatabaseSessionStore):
    """Django's store, but a key that can't be one is refused: PostgreSQL fails at a key with a NUL in it."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and key.isascii() and key.isalnum() and super()._validate_session_key(key))  # type: ignore[misc]

    def get_expire_at_browser_close(self) -> bool:
        """Also a session that ends at a certain time, which only the staff's do, ends with the browser."""
        return super().get_expire_at_browser_close() or isinstance(self.get("_session_expiry"), str)


def shorten_staffs(sender: Any, request: HttpRequest | None, user: Any, **rest: Any) -> None:
    """At a login: a session of the staff is over twelve hours later, however busy, or with the browser.

    Everybody else stays logged in for Django's two weeks.
    """
    if request is not None and hasattr(request, "session"):
        request.session.set_expiry(timezone.now() + STAFF_SESSION if user.is_staff else None)
