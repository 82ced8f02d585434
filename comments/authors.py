"""Who speaks: a user of the site, or a guest who gave a name and keeps it in a signed cookie."""

from __future__ import annotations

import logging
import re
import uuid
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import PermissionsMixin
from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Trim
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from comments.conf import guest_cookie, guests_may_write, setting
from comments.errors import CommentError
from comments.models import Comment
from comments.names import bare, bare_column, check_name, skeleton
from comments.outages import OUTAGES
from comments.text import LONGEST_SHOWN_NAME, tame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.db.models.expressions import Combinable
    from django.http import HttpResponse

    from comments.models import Thread

logger = logging.getLogger(__name__)

T = TypeVar("T")
MODERATE = "comments.change_comment"  # the permission
# Django's backends whose permissions are rows of its own tables; the second one knows who was switched off.
BACKENDS = {f"django.contrib.auth.backends.{name}" for name in ("ModelBackend", "AllowAllUsersModelBackend")}
GUEST_COOKIE_AGE = 365 * 24 * 3600  # s
GUEST_SALT = "comments.guest"
TOKEN = re.compile(r"[0-9A-Za-z]{1,64}")  # what a token may be; PostgreSQL refuses a NUL even in a question
MOST_STAFF = 500  # people whose names a guest's is compared with


@dataclass(frozen=True)
class Author:
    """A person who may write.

    key: "u" and the user's primary key, or "g" and a random id; unique over the site, and public.
    user_id: the primary key of the user, of whatever type; None for a guest.
    """

    key: str
    name: str
    role: str
    user_id: Any = None

    def role_on(self, thread: Thread) -> str:
        """The role beside the name in this thread."""
        if self.user_id is not None and self.user_id == thread.subject_author_id:
            return str(Comment.Role.AUTHOR)
        return self.role

    @property
    def moderates(self) -> bool:
        return self.role == Comment.Role.MODERATOR


def user_key(user_id: Any) -> str:
    """The key of the author that a user is."""
    return f"u{user_id}"


def name_of_user(user: Any) -> str:
    """The name shown by default: the full name if there is one, else the name to log in with.

    An address of mail is nobody else's business: only what stands before its @ is shown.
    """
    full_name = str(user.get_full_name()) if hasattr(user, "get_full_name") else ""
    return full_name.partition("@")[0].strip() or str(user.get_username()).partition("@")[0]


def is_staff(user: Any) -> bool:
    """Whether a user may use the admin; user models of a project's own may not know that."""
    return bool(getattr(user, "is_staff", False))


def author_of_user(
    user: AbstractBaseUser | AnonymousUser | None, *, moderates: bool | None = None
) -> Author | None:
    """The author that a logged-in user is; None for nobody. moderates: whether they do, if that is known.

    Raises CommentError 403 banned for an account that was deactivated.
    """
    if user is None or user.pk is None:  # a project may have DRF say None for nobody
        return None
    if not user.is_active:
        raise CommentError(403, "banned", "This account was switched off. It can't write comments any more.")
    if moderates is None:
        moderates = _may_moderate(user)
    role = Comment.Role.MODERATOR if moderates else Comment.Role.MEMBER
    return Author(user_key(user.pk), shown_name(user), str(role), user.pk)


def shown_name(user: Any) -> str:
    """The name shown beside a user's comments, as the project has it."""
    return tame(import_string(setting("COMMENTS_NAME_OF"))(user))[:LONGEST_SHOWN_NAME]


def read_moderators(users: Iterable[AbstractBaseUser]) -> set[Any]:
    """The keys of those among these users who moderate; in one query, where the database can tell."""
    staff = {user.pk: user for user in users if _ask(user, partial(is_staff, user), False)}
    if not staff:
        return set()
    if not _permissions_are_rows():
        return {pk for pk, user in staff.items() if _ask(user, partial(_may_moderate, user), False)}
    moderators = _permitted().filter(pk__in=list(staff))
    return set(moderators.values_list("pk", flat=True))


def _permitted() -> QuerySet[Any]:
    """The users whom Django's own tables give the permission, active or not: a model may not say that."""
    return ModelBackend().with_perm(MODERATE, is_active=None)  # type: ignore[arg-type]


def _permissions_are_rows() -> bool:
    """Whether Django's own tables alone say who has a permission: no other backend, no other method."""
    model: Any = get_user_model()
    is_djangos = issubclass(model, PermissionsMixin) and model.has_perm is PermissionsMixin.has_perm
    return is_djangos and set(settings.AUTHENTICATION_BACKENDS) <= BACKENDS


def _may_moderate(user: Any) -> bool:
    return is_staff(user) and hasattr(user, "has_perm") and user.has_perm(MODERATE)


def has_tokens() -> bool:
    """Whether the project has DRF's tokens, by which scripts say who they are."""
    return apps.is_installed("rest_framework.authtoken")


def guest_from_cookies(cookies: Mapping[str, str]) -> Author | None:
    """The guest whom the signed cookie names, if there is one and guests are welcome."""
    if not guests_may_write() or guest_cookie() not in cookies:
        return None
    try:
        guest: Any = signing.loads(cookies[guest_cookie()], salt=GUEST_SALT, max_age=GUEST_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return Author(guest["key"], guest["name"], str(Comment.Role.GUEST))


def name_guest(name: str, previous: Author | None = None, *, seed: str | None = None) -> Author:
    """The guest of this name; one who had a name before stays the same person.

    seed: a secret of this browser and form, for a new guest; the same again gives the same guest.

    Raises CommentError: 401 login_required where guests are not welcome, 409 name_taken for a user's name or
    one that could be mistaken for a moderator's, and what check_name raises.
    """
    if not guests_may_write():
        raise CommentError(401, "login_required", "Log in to comment.")
    name = check_name(name)
    if _is_a_users(name) or _looks_like_staff(name):
        raise CommentError(409, "name_taken", "That name belongs to somebody here. Please choose another.")
    is_guest = previous is not None and previous.role == Comment.Role.GUEST
    new_key = salted_hmac(GUEST_SALT, seed).hexdigest()[:32] if seed else uuid.uuid4().hex
    key = previous.key if previous is not None and is_guest else f"g{new_key}"
    return Author(key, name, str(Comment.Role.GUEST))


def set_guest_cookie(response: HttpResponse, guest: Author) -> None:
    """Let the browser remember the guest."""
    response.set_cookie(
        guest_cookie(),
        signing.dumps({"key": guest.key, "name": guest.name}, salt=GUEST_SALT),
        max_age=GUEST_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _is_a_users(name: str) -> bool:
    """Whether a user has this name, in whatever case, to log in with (up to its @) or in full."""
    users, same = get_user_model()._default_manager.all(), Q()
    name = bare(name)
    # `iexact` and `istartswith` alone know only ASCII's letters on SQLite.
    spellings = {name, name.lower(), name.upper(), name.title()}
    for number, field in enumerate(_name_columns()):
        column = f"bare_name_{number}"
        users = users.annotate(**{column: bare_column(field)})
        same |= Q(**{f"{column}__iexact": name}) | Q(**{f"{column}__in": spellings})
        for spelling in spellings:
            same |= Q(**{f"{column}__istartswith": f"{spelling}@"})
    return users.filter(same).exists()


def _name_columns() -> list[str | Combinable]:
    """The name to log in with, and the full name where the project's model has one."""
    columns: list[str | Combinable] = [get_user_model().USERNAME_FIELD]
    if _has_field("first_name") and _has_field("last_name"):
        columns.append(Trim(Concat(F("first_name"), Value(" "), F("last_name"))))
    return columns


def _looks_like_staff(name: str) -> bool:
    look = skeleton(name)
    return any(look == skeleton(taken) for user in _some_staff() for taken in _names_of(user))


def _some_staff() -> QuerySet[Any]:
    """The first users who may moderate, as far as the database can tell."""
    users = get_user_model()._default_manager
    if _has_field("is_staff"):
        return users.filter(is_staff=True)[:MOST_STAFF]
    if issubclass(get_user_model(), PermissionsMixin):
        return _permitted()[:MOST_STAFF]
    if _has_field("is_superuser"):
        return users.filter(is_superuser=True)[:MOST_STAFF]
    return users.none()


def _names_of(user: Any) -> set[str]:
    """The names under which others may know a user."""
    username = str(user.get_username())
    names = {username, username.partition("@")[0]}
    return names | {_ask(user, partial(name, user), username) for name in (shown_name, name_of_user)}


def _ask(user: Any, question: Callable[[], T], otherwise: T) -> T:
    """What the project's own code says of one user; `otherwise` if it fails, which is logged."""
    try:
        return question()
    except OUTAGES:
        raise
    except Exception:  # the project's own code; other people must not suffer from it
        logger.exception("the project's code failed for the user %r", user.pk)
        return otherwise


@cache
def _has_field(name: str) -> bool:
    """Whether the project's user model has a field of this name."""
    try:
        get_user_model()._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
