"""Who is at the other end of a socket, asked again before everything that they write."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from rest_framework.authtoken.models import Token

from comments.authors import (
    Author,
    author_of_token,
    author_of_user,
    guest_from_cookies,
    read_moderators,
)
from comments.errors import CommentError
from realtime.origin import header, is_own


@dataclass
class Credentials:
    """What a socket showed of its reader: cookies of a page of ours, or a token."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None

    @classmethod
    def of_handshake(cls, scope: Mapping[str, Any]) -> Credentials:
        """Cookies count only beside an Origin, which OwnOriginOnly has checked: no Origin, no browser."""
        return cls._of(scope, cookies=header(scope, b"origin") is not None)

    @classmethod
    def of_request(cls, scope: Mapping[str, Any]) -> Credentials:
        """What a request showed that can only read: browsers name no Origin when they stay on their own."""
        origin = header(scope, b"origin")
        return cls._of(scope, cookies=origin is None or is_own(origin, settings.SITE_ORIGINS))

    @classmethod
    def _of(cls, scope: Mapping[str, Any], *, cookies: bool) -> Credentials:
        scheme, _, token = (header(scope, b"authorization") or "").partition(" ")
        if scheme.lower() == "token" and token:
            return cls(token=token.strip())
        return cls(cookies=parse_cookie(header(scope, b"cookie") or "") if cookies else {})

    def author(self) -> Author | None:
        """The author, from the database as it is now.

        Raises CommentError: 401 bad_token, 403 banned.
        """
        if self.token is not None:
            return author_of_token(self.token)
        return _author_of_session(self.cookies) or guest_from_cookies(self.cookies)

    @property
    def session_key(self) -> str | None:
        """The key of the browser's session, if it has one."""
        return self.cookies.get(settings.SESSION_COOKIE_NAME)

    def author_still(self, known: Author | None) -> Author | None:
        """The author, who was `known` before. Raises CommentError 401 login_required if it is not them now.

        Who logs out may turn into the guest they were before, and must not write under that name unawares.
        """
        author = self.author()
        if known is not None and (author is None or author.key != known.key):
            raise CommentError(401, "login_required", "You have been logged out.")
        return author


def authors_now(many: Sequence[Credentials]) -> list[Author | CommentError | None]:
    """What `Credentials.author` would return or raise for each, in a few queries for all.

    None where the credentials are nobody's any more.
    """
    sessions = _read_sessions({key for one in many if (key := one.session_key)})
    tokens = Token.objects.in_bulk({one.token for one in many if one.token is not None})
    user_ids = {token.user_id for token in tokens.values()} | {user_id for user_id, _ in sessions.values()}
    users = get_user_model()._default_manager.in_bulk(user_ids)
    moderators = read_moderators(users.values())
    return [_author_now(one, sessions, tokens, users, moderators) for one in many]


def _author_now(
    credentials: Credentials,
    sessions: Mapping[str, tuple[Any, str]],
    tokens: Mapping[str, Token],
    users: Mapping[Any, Any],
    moderators: Collection[int],
) -> Author | CommentError | None:
    if credentials.token is not None:
        token = tokens.get(credentials.token)
        user = users.get(token.user_id) if token else None
    else:
        user_id, session_hash = sessions.get(credentials.session_key or "", (0, ""))
        user = users.get(user_id)
        if user is not None and not constant_time_compare(session_hash, user.get_session_auth_hash()):
            user = None
    try:
        author = author_of_user(user, moderates=user.pk in moderators) if user is not None else None
    except CommentError as refusal:
        return refusal
    return author or (None if credentials.token else guest_from_cookies(credentials.cookies))


def _read_sessions(keys: Collection[str]) -> dict[str, tuple[Any, str]]:
    """User id and password hash by session key, of those that have not expired."""
    store = SessionStore()
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    found = {}
    for row in rows:
        session = store.decode(row.session_data)
        if auth.SESSION_KEY in session:
            user_id = get_user_model()._meta.pk.to_python(session[auth.SESSION_KEY])
            found[row.session_key] = (user_id, session.get(auth.HASH_SESSION_KEY, ""))
    return found


def _author_of_session(cookies: Mapping[str, str]) -> Author | None:
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    request = HttpRequest()
    request.session = SessionStore(key)
    user_id = request.session.get(auth.SESSION_KEY)
    if user_id is None:
        return None
    return author_of_user(auth.get_user(request))  # checks the session's hash of the password, too
