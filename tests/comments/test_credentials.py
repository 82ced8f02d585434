"""Credentials name the right person, however the project keeps sessions."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.test import modify_settings
from rest_framework.authtoken.models import Token

from comments.authors import Author, read_moderators
from comments.credentials import Credentials, author_of_token, authors_now
from comments.errors import CommentError
from tests.comments.cast import make_bob

ENGINES = [
    "config.sessions",
    *(f"django.contrib.sessions.backends.{kind}" for kind in ("db", "cached_db", "cache", "signed_cookies")),
]
JUNK = ["abcdefghij\x00k", "' OR 1=1 --", "ключключключ", "x" * 5000, "\x7f" * 32, " "]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.SESSION_ENGINE = request.param
    return str(request.param)


def log_in(user: User, **changes: Any) -> Credentials:
    """The credentials of a browser that has logged in."""
    store = import_module(django_settings.SESSION_ENGINE).SessionStore()
    store.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.AllowAllUsersModelBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            **changes,
        }
    )
    store.save()
    return Credentials(cookies={"sessionid": str(store.session_key)})


def now(credentials: Credentials) -> Author | CommentError | None:
    """The author now; fails unless both ways of asking, for one and for many, give the same."""
    [found] = authors_now([credentials])
    assert found == credentials.author()
    return found


def key_of(found: Author | CommentError | None) -> str | None:
    return found.key if isinstance(found, Author) else None


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_session_is_its_users_until_the_password_changes() -> None:
    bob = make_bob()
    credentials = log_in(bob)
    assert key_of(now(credentials)) == f"u{bob.pk}"

    bob.set_password("another")
    bob.save()
    assert now(credentials) is None


@pytest.mark.filterwarnings("ignore::django.core.cache.CacheKeyWarning")
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: ascii(junk)[:20])
@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_cookie_of_junk_names_nobody(junk: str) -> None:
    assert now(Credentials(cookies={"sessionid": junk})) is None


@pytest.mark.parametrize(
    "changes",
    [{SESSION_KEY: "junk"}, {SESSION_KEY: ""}, {HASH_SESSION_KEY: ""}, {BACKEND_SESSION_KEY: "os.system"}],
    ids=str,
)
@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_session_of_junk_names_nobody(changes: dict[str, str]) -> None:
    assert now(log_in(make_bob(), **changes)) is None


@pytest.mark.django_db
@pytest.mark.usefixtures("engine")
def test_a_session_that_a_former_key_proves_is_its_users_and_keeps_the_key_that_the_browser_has(
    settings: Any,
) -> None:
    bob = make_bob()
    credentials = log_in(bob)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one" * 6, [settings.SECRET_KEY]

    for _ in range(2):
        assert key_of(now(credentials)) == f"u{bob.pk}"
    settings.SECRET_KEY_FALLBACKS = []
    assert now(credentials) is None


@pytest.mark.django_db
def test_a_project_without_tokens_knows_none() -> None:
    key = Token.objects.create(user=make_bob()).key
    assert author_of_token(key).name == "bob"

    with modify_settings(INSTALLED_APPS={"remove": ["rest_framework.authtoken"]}):
        with pytest.raises(CommentError) as raised:
            author_of_token(key)
        assert (raised.value.code, raised.value.reason) == (401, "bad_token")
        assert authors_now([Credentials(token=key)]) == [None]


@pytest.mark.django_db
def test_many_are_few_queries_whatever_their_number(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    people = [User.objects.create_user(f"person{number}") for number in range(20)]
    shown = [log_in(user) for user in people[:10]]
    shown += [Credentials(token=Token.objects.create(user=user).key) for user in people[10:]]

    with django_assert_num_queries(3):  # sessions, their users, tokens with theirs
        found = authors_now([*shown, Credentials()])

    assert [key_of(author) for author in found] == [*(f"u{user.pk}" for user in people), None]


def name_but_not_bobs(user: User) -> str:
    """A project's own way to show its users, for COMMENTS_NAME_OF; it fails for one of them."""
    if user.username == "bob":
        raise RuntimeError("Bob has no name")
    return user.username


@pytest.mark.django_db
def test_a_user_for_whom_the_projects_code_fails_is_nobody_and_the_others_are_still_looked_at(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.COMMENTS_NAME_OF = f"{__name__}.{name_but_not_bobs.__name__}"
    alice, bob, carla = (log_in(User.objects.create_user(name)) for name in ("alice", "bob", "carla"))
    User.objects.filter(username="carla").update(is_active=False)

    known, unknown, banned = authors_now([alice, bob, carla])

    assert isinstance(known, Author)
    assert unknown is None
    assert isinstance(banned, CommentError)
    assert "RuntimeError: Bob has no name" in caplog.text


def name_from_a_service_that_is_down(user: User) -> str:
    raise ConnectionError("it is down")


@pytest.mark.django_db
def test_an_outage_while_a_user_is_asked_changes_nobody(settings: Any) -> None:
    settings.COMMENTS_NAME_OF = f"{__name__}.{name_from_a_service_that_is_down.__name__}"
    with pytest.raises(ConnectionError):
        authors_now([log_in(make_bob())])


class EverythingButBob(BaseBackend):
    """A project's own backend, which takes Bob's permissions away and gives Alice all."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if user_obj.username == "bob":
            raise PermissionDenied
        return bool(user_obj.username == "alice")


@pytest.mark.django_db
def test_a_backend_of_the_projects_own_says_who_moderates(settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = [
        f"{__name__}.{EverythingButBob.__name__}",
        *settings.AUTHENTICATION_BACKENDS,
    ]
    alice = User.objects.create_user("alice", is_staff=True)
    bob = User.objects.create_user("bob", is_staff=True)
    bob.user_permissions.set(Permission.objects.filter(codename="change_comment"))

    assert read_moderators([alice, bob]) == {alice.pk}
