"""Who is at the other end of a socket, asked again before everything that they write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, parse_cookie

from comments.authors import Author, author_of_token, author_of_user, guest_from_cookies
from comments.errors import CommentError
from realtime.origin import header


@dataclass
class Credentials:
    """What a socket showed of its reader: cookies of a page of ours, or a token."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None

    @classmethod
    def of_handshake(cls, scope: Mapping[str, Any]) -> Credentials:
        """Cookies count only beside an Origin, which OwnOriginOnly has checked: no Origin, no browser."""
        scheme, _, token = (header(scope, b"authorization") or "").partition(" ")
        if scheme.lower() == "token" and token:
            return cls(token=token.strip())
        if header(scope, b"origin") is None:
            return cls()
        return cls(cookies=parse_cookie(header(scope, b"cookie") or ""))

    def author(self) -> Author | None:
        """The author, from the database as it is now.

        Raises CommentError: 401 bad_token, 403 banned.
        """
        if self.token is not None:
            return author_of_token(self.token)
        return _author_of_session(self.cookies) or guest_from_cookies(self.cookies)

    def author_still(self, known: Author | None) -> Author | None:
        """The author, who was `known` before. Raises CommentError 401 login_required if it is not them now.

        Who logs out may turn into the guest they were before, and must not write under that name unawares.
        """
        author = self.author()
        if known is not None and (author is None or author.key != known.key):
            raise CommentError(401, "login_required", "You have been logged out.")
        return author


def _author_of_session(cookies: Mapping[str, str]) -> Author | None:
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user_id = request.session.get(auth.SESSION_KEY)
    if user_id is None:
        return None
    return author_of_user(auth.get_user(request))  # checks the session's hash of the password, too
