"""The person at the other end of a request, a socket or a stream. No other module identifies anybody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import get_user_model, load_backend
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from comments.authors import TOKEN, Author, author_of_user, guest_from_cookies, has_tokens, read_moderators
from comments.errors import CommentError
from comments.outages import OUTAGES

logger = logging.getLogger(__name__)

Session = SessionBase | Mapping[str, Any]


def author_from_request(request: HttpRequest) -> Author | None:
    """The author that a request of Django's or DRF's comes from: its user, else the guest of its cookie.

    Raises CommentError 403 banned, also for a session whose user Django takes for nobody, being switched off.
    """
    author = author_of_user(request.user)
    if author is None and (session := getattr(request, "session", None)) is not None:
        author = author_of_user(_user_of(session))
    return author or guest_from_cookies(request.COOKIES)


def reader_from_request(request: HttpRequest) -> Author | None:
    """The reader of a page; None for a banned account, whose pages stay readable."""
    try:
        return author_from_request(request)
    except CommentError:
        return None


def is_banned(request: HttpRequest) -> bool:
    """Whether the request comes from somebody whose account was switched off."""
    try:
        author_from_request(request)
    except CommentError:
        return True
    return False


@dataclass(frozen=True, eq=False)
class Credentials:
    """The cookies or the token that a reader showed, kept to be looked at again while they stay."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None

    @classmethod
    def of_request(cls, request: HttpRequest, *, cookies: bool) -> Credentials:
        """The credentials in a request. cookies: whether its cookies count, as on the site's own pages."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "token" and token:
            return cls(token=token.strip())
        return cls(cookies=request.COOKIES if cookies else {})

    def author(self) -> Author | None:
        """The author, from the database as it is now.

        Raises CommentError: 401 bad_token, 403 banned.
        """
        if self.token is not None:
            return author_of_token(self.token)
        user = _user_of(load_session(self.session_key)) if self.session_key else None
        return (author_of_user(user) if user is not None else None) or guest_from_cookies(self.cookies)

    @property
    def session_key(self) -> str | None:
        """The key of the browser's session, if it has one that can be one in any engine."""
        key = self.cookies.get(settings.SESSION_COOKIE_NAME)
        return key if key and key.isascii() and key.isprintable() else None

    def author_still(self, known: Author | None) -> Author | None:
        """The author, who was `known` before. Raises CommentError 401 login_required if it is not them now.

        A user who logs out may become the guest that they were before, and must not write under that name
        unawares.
        """
        author = self.author()
        if known is not None and (author is None or author.key != known.key):
            raise CommentError(401, "login_required", "You have been logged out.")
        return author


def user_of_token(key: str) -> Any:
    """The user whose API token this is; None where there is no such token, or the project has none."""
    return next(iter(_users_of_tokens({key}).values()), None)


def author_of_token(key: str) -> Author:
    """The author whose API token this is. Raises CommentError: 401 bad_token, 403 banned."""
    user = user_of_token(key)
    author = author_of_user(user) if user is not None else None
    if author is None:
        raise CommentError(401, "bad_token", "This token is not valid.")
    return author


def authors_now(many: Sequence[Credentials]) -> list[Author | CommentError | None]:
    """The result of `Credentials.author` for each of them, returned or as the error, in few queries for all.

    None where the credentials are nobody's any more, and where the project's own code fails for their user.
    Where sessions are not kept in the database, each is loaded by itself.
    """
    sessions = _load_sessions({key for one in many if (key := one.session_key)})
    of_tokens = _users_of_tokens({one.token for one in many if one.token is not None})
    ids = {pk for session in sessions.values() if (pk := _user_id_of(session)) is not None}
    users = get_user_model()._default_manager.in_bulk(ids)
    moderators = read_moderators([*users.values(), *of_tokens.values()])

    def author_now(one: Credentials) -> Author | None:
        session = sessions.get(one.session_key or "", {})
        user = of_tokens.get(one.token) if one.token else users.get(_user_id_of(session))
        if user is not None and not one.token and not _proves(session, user):
            user = None
        author = author_of_user(user, moderates=user.pk in moderators) if user is not None else None
        return author or (None if one.token else guest_from_cookies(one.cookies))

    return [_or_nobody(partial(author_now, one)) for one in many]


def _or_nobody(question: Callable[[], Author | None]) -> Author | CommentError | None:
    """The answer, or the refusal; nobody where the project's code fails for one user, which is logged.

    One user's failure must not keep everybody else from being looked at.
    """
    try:
        return question()
    except CommentError as refusal:
        return refusal
    except OUTAGES:
        raise
    except Exception:
        logger.exception("who a reader is could not be found out")
        return None


def session_engine() -> type[SessionBase]:
    """The project's way of keeping sessions."""
    store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
    return store


def load_session(key: str) -> SessionBase:
    """The session of this key; an empty one where there is none."""
    return session_engine()(key)


def _load_sessions(keys: Collection[str]) -> dict[str, Session]:
    engine = session_engine()
    if not issubclass(engine, DatabaseStore):
        return {key: load_session(key) for key in keys}
    store = engine()
    valid = [key for key in keys if engine(key).session_key]
    rows = store.model.objects.filter(session_key__in=valid, expire_date__gt=timezone.now())
    return {row.session_key: store.decode(row.session_data) for row in rows}


def _users_of_tokens(keys: Collection[str]) -> dict[str | None, Any]:
    valid = [key for key in keys if TOKEN.fullmatch(key)]
    if not valid or not has_tokens():
        return {}
    from rest_framework.authtoken.models import Token

    return {token.key: token.user for token in Token.objects.select_related("user").filter(key__in=valid)}


def _user_of(session: Session) -> Any:
    """The session's user, found as django.contrib.auth.get_user does it, but nothing is written.

    A session that an old SECRET_KEY proves would get another key there, of which a socket can't tell the
    browser.
    """
    user_id, backend = _user_id_of(session), session.get(auth.BACKEND_SESSION_KEY, "")
    if user_id is None or backend not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = load_backend(backend).get_user(user_id) or _switched_off(user_id)
    return user if user is not None and _proves(session, user) else None


def _switched_off(user_id: Any) -> Any:
    """The user, if they were switched off: most backends say that there is none."""
    user = get_user_model()._default_manager.filter(pk=user_id).first()
    return user if user is not None and not user.is_active else None


def _user_id_of(session: Session) -> Any:
    """The primary key of the session's user, of whatever type; None where the session is nobody's."""
    try:
        return get_user_model()._meta.pk.to_python(session.get(auth.SESSION_KEY))
    except ValidationError:
        return None


def _proves(session: Session, user: Any) -> bool:
    """Whether the session was opened with the user's present password."""
    if session.get(auth.BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    if not hasattr(user, "get_session_auth_hash"):
        return True
    shown = session.get(auth.HASH_SESSION_KEY) or ""
    known = [user.get_session_auth_hash()]
    if hasattr(user, "get_session_auth_fallback_hash"):
        known += user.get_session_auth_fallback_hash()
    return any(constant_time_compare(shown, each) for each in known)
