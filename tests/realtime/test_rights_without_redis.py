"""What no process was told is found by a look at all readers, in a few queries for everybody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Permission, User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import TestCase
from rest_framework.authtoken.models import Token

from comments.authors import Author, author_of_user
from comments.credentials import Credentials, authors_now
from comments.errors import CommentError
from realtime.frames import Prepared
from realtime.protocol import Close
from realtime.rooms.hub import get_hub
from tests.comments.cast import make_article
from tests.comments.threads import closing
from tests.realtime.scene import scene


def make_people(count: int, **fields: Any) -> list[User]:
    begin = User.objects.count()
    names = [f"person{begin + number}" for number in range(count)]
    return [User.objects.create_user(name, password="a word", **fields) for name in names]  # noqa: S106


def session_of(user: User) -> Credentials:
    """What the browser of somebody who has logged in shows."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.AllowAllUsersModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return Credentials(cookies={"sessionid": str(store.session_key)})


def token_of(user: User) -> Credentials:
    return Credentials(token=Token.objects.create(user=user).key)


class ManyReaders(TestCase):
    def test_they_are_looked_up_in_four_queries_whatever_their_number(self) -> None:
        members, staff = make_people(40), make_people(10, is_staff=True)
        for user in staff[:5]:
            user.user_permissions.add(Permission.objects.get(codename="change_comment"))
        many = [session_of(user) for user in members[:20]] + [token_of(user) for user in members[20:] + staff]
        with self.assertNumQueries(4):  # sessions, tokens, users, moderators
            found = authors_now(many)

        fresh = User.objects.in_bulk([user.pk for user in members + staff])
        assert found == [author_of_user(fresh[user.pk]) for user in members + staff]
        assert sum(author.moderates for author in found if isinstance(author, Author)) == 5

    def test_each_is_what_they_would_be_if_they_came_now(self) -> None:
        gone, banned, renamed, changed, stays = make_people(5)
        many = [session_of(user) for user in (gone, banned, renamed, changed, stays)]
        gone.delete()
        User.objects.filter(pk=banned.pk).update(is_active=False)
        User.objects.filter(pk=renamed.pk).update(first_name="Renée")
        changed.set_password("another word")
        changed.save()

        now = dict(zip(("gone", "banned", "renamed", "changed", "stays"), authors_now(many), strict=True))
        refusal = now.pop("banned")
        assert isinstance(refusal, CommentError) and refusal.reason == "banned"
        del many[1]  # a newcomer with this session is nobody: Django's own door stays shut
        assert list(now.values()) == [credentials.author() for credentials in many]
        assert now["gone"] is now["changed"] is None


class Nowhere:
    """Where nobody reads what is written."""

    batches = False

    def write(self, frame: Prepared) -> None:
        pass


class Seat:
    """A reader in a room, and what became of them."""

    heard_at = float("inf")
    anonymous = False

    def __init__(self, user: User) -> None:
        self.author = author_of_user(user)
        self.view = f"page-of-{user.username}"
        self.credentials = session_of(user)
        self.send_queue = Nowhere()
        self.closed_with: Close | None = None

    def close_soon(self, code: Close, reason: str, retry_after: float | None = None) -> None:
        self.closed_with = code

    def recognise(self, author: Author | None) -> None:
        self.author = author


@pytest.mark.django_db(transaction=True)
def test_the_regular_look_finds_what_nobody_told() -> None:
    people = make_people(3)
    article = make_article(people[0])
    logged_out, banned, stays = seats = [Seat(user) for user in people]

    def happens_in_silence() -> None:
        Session.objects.get(session_key=logged_out.credentials.session_key).delete()
        User.objects.filter(pk=people[1].pk).update(is_active=False)

    @scene
    async def play() -> None:
        hub = get_hub()
        room = await hub.enter(("article", article.slug))
        for seat in seats:
            hub.join(room, seat)
        await hub.check_rights()
        assert [seat.author and seat.author.user_id for seat in seats] == [user.pk for user in people]

        await asyncio.to_thread(closing(happens_in_silence))
        await hub.check_rights()

    play()
    assert logged_out.author is None
    assert banned.closed_with == Close.BANNED
    assert (stays.author and stays.author.user_id, stays.closed_with) == (people[2].pk, None)
