"""Who speaks: a user of the site, or a guest who gave a name and keeps it in a signed cookie."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import signing
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Trim
from rest_framework.authtoken.models import Token

from comments.errors import CommentError
from comments.models import Comment
from comments.text import LONGEST_SHOWN_NAME, check_name, skeleton, tame

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest, HttpResponse

    from blog.models import Article

MODERATE = "comments.change_comment"  # the permission
BACKEND = "django.contrib.auth.backends.ModelBackend"
GUEST_COOKIE = "guest"
GUEST_COOKIE_AGE = 365 * 24 * 3600  # s
GUEST_SALT = "comments.guest"
TOKEN = re.compile(r"[0-9A-Za-z]{1,64}")  # what a token may be; PostgreSQL refuses a NUL even in a question


@dataclass(frozen=True)
class Author:
    """A person who may write.

    key: "u" and the user's id, or "g" and a random id; unique over the site, and public.
    """

    key: str
    name: str
    role: str
    user_id: int | None = None

    def role_on(self, article: Article) -> str:
        """The role beside the name under this article."""
        if self.user_id is not None and self.user_id == article.author_id:
            return str(Comment.Role.AUTHOR)
        return self.role

    @property
    def moderates(self) -> bool:
        return self.role == Comment.Role.MODERATOR


def user_key(user_id: int) -> str:
    """The key of the author that a user is."""
    return f"u{user_id}"


def author_of_user(user: User | AnonymousUser, *, moderates: bool | None = None) -> Author | None:
    """The author that a logged-in user is; None for nobody. moderates: whether they do, if that is known.

    Raises CommentError 403 banned for an account that was deactivated.
    """
    if user.pk is None:
        return None
    if not user.is_active:
        raise CommentError(403, "banned", "This account can't write comments any more.")
    if moderates is None:
        moderates = user.is_staff and user.has_perm(MODERATE)
    role = Comment.Role.MODERATOR if moderates else Comment.Role.MEMBER
    name = tame(user.get_full_name() or user.get_username())[:LONGEST_SHOWN_NAME]
    return Author(user_key(user.pk), name, str(role), user.pk)


def read_moderators(users: Iterable[User]) -> set[int]:
    """The ids of those among these users who moderate, in one query."""
    staff = [user.pk for user in users if user.is_staff]
    if not staff:
        return set()
    moderators = User.objects.with_perm(MODERATE, backend=BACKEND).filter(pk__in=staff)
    return set(moderators.values_list("pk", flat=True))


def author_of_token(key: str) -> Author:
    """The author whose API token this is. Raises CommentError: 401 bad_token, 403 banned."""
    token = Token.objects.select_related("user").filter(key=key).first() if TOKEN.fullmatch(key) else None
    author = author_of_user(token.user) if token else None
    if author is None:
        raise CommentError(401, "bad_token", "This token is not valid.")
    return author


def author_from_request(request: HttpRequest) -> Author | None:
    """The author that a request of the site's own pages comes from. Raises CommentError 403 banned."""
    return author_of_user(request.user) or guest_from_cookies(request.COOKIES)


def guest_from_cookies(cookies: Mapping[str, str]) -> Author | None:
    """The guest whom the signed cookie names, if there is one and guests are welcome."""
    if not settings.COMMENTS_GUESTS or GUEST_COOKIE not in cookies:
        return None
    try:
        guest: Any = signing.loads(cookies[GUEST_COOKIE], salt=GUEST_SALT, max_age=GUEST_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return Author(guest["key"], guest["name"], str(Comment.Role.GUEST))


def name_guest(name: str, previous: Author | None = None) -> Author:
    """The guest of this name; one who had a name before stays the same person.

    Raises CommentError: 401 login_required where guests are not welcome, 409 name_taken for a user's name or
    one that could be mistaken for a moderator's, and what check_name raises.
    """
    if not settings.COMMENTS_GUESTS:
        raise CommentError(401, "login_required", "Log in to comment.")
    name = check_name(name)
    if _is_a_users(name) or _looks_like_staff(name):
        raise CommentError(409, "name_taken", "That name belongs to somebody here. Please choose another.")
    is_guest = previous is not None and previous.role == Comment.Role.GUEST
    key = previous.key if previous is not None and is_guest else f"g{uuid.uuid4().hex}"
    return Author(key, name, str(Comment.Role.GUEST))


def set_guest_cookie(response: HttpResponse, guest: Author) -> None:
    """Let the browser remember the guest."""
    response.set_cookie(
        GUEST_COOKIE,
        signing.dumps({"key": guest.key, "name": guest.name}, salt=GUEST_SALT),
        max_age=GUEST_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _is_a_users(name: str) -> bool:
    full_name = Trim(Concat(F("first_name"), Value(" "), F("last_name")))
    # `iexact` alone knows only ASCII's letters on SQLite.
    spellings = {name, name.lower(), name.upper(), name.title()}
    same = Q(username__iexact=name) | Q(full_name__iexact=name)
    same |= Q(username__in=spellings) | Q(full_name__in=spellings)
    return get_user_model().objects.annotate(full_name=full_name).filter(same).exists()


def _looks_like_staff(name: str) -> bool:
    look = skeleton(name)
    staff = get_user_model().objects.filter(is_staff=True)[:500]
    return any(look in (skeleton(user.get_username()), skeleton(user.get_full_name())) for user in staff)
