"""A room is entered by an address, and all addresses of one thing lead to the same room."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError
from django.db.backends.signals import connection_created
from redis.exceptions import RedisError

from blog.models import Article
from comments.errors import CommentError
from comments.outages import Unanswered
from realtime.protocol import Close
from realtime.readers.refusals import refusal_of
from realtime.rooms.hub import get_hub
from realtime.rooms.repair import Finding, compare_heads
from tests.comments.cast import make_alice, make_article, thread_of
from tests.comments.subjects import Groups, registered
from tests.comments.threads import closing
from tests.realtime.scene import scene

HERD = 1000
A_HANDFUL = 8  # queries: who is at the address, the thread, and where it stands


@pytest.fixture
def article(transactional_db: None) -> Article:
    article = make_article(make_alice())
    thread_of(article)
    return article


def test_the_word_for_the_collection_leads_to_the_same_room(article: Article) -> None:
    @scene
    async def play() -> None:
        hub = get_hub()
        room = await hub.enter(("article", "plums"))

        assert await hub.enter(("articles", "plums")) is room
        subject = room.welcome(None).subject
        assert (subject.kind, subject.key, subject.url) == ("article", "plums", "/articles/plums/")

    play()


def test_a_changed_address_leads_to_the_same_room_and_newcomers_are_told_of_it(article: Article) -> None:
    def change_the_address() -> None:
        article.slug = "pears"
        article.save()

    @scene
    async def play() -> None:
        hub = get_hub()
        room = await hub.enter(("article", "plums"))
        await asyncio.to_thread(closing(change_the_address))

        for key in ("pears", "plums"):
            assert await hub.enter(("article", key)) is room
            assert room.welcome(None).subject.url == "/articles/pears/"

    play()


@pytest.mark.parametrize("address", [("article", "figs"), ("recipe", "plums"), ("", ""), ("article", "\x00")])
def test_an_address_where_nothing_public_is_leads_nowhere(article: Article, address: tuple[str, str]) -> None:
    @scene
    async def play() -> None:
        with pytest.raises(CommentError) as refused:
            await get_hub().enter(address)
        assert refused.value.code == 404

    play()


def test_what_is_not_public_any_more_is_not_entered(article: Article) -> None:
    def unpublish() -> None:
        Article.objects.filter(pk=article.pk).update(status="draft")

    @scene
    async def play() -> None:
        await asyncio.to_thread(closing(unpublish))
        for _ in range(2):
            with pytest.raises(CommentError, match="nothing"):
                await get_hub().enter(("article", "plums"))

    play()


class MoodyGroups(Groups):
    """Groups of which nobody can say whether they are public while `error` is there."""

    error: Exception | None = None

    def public(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.all()

    def find(self, key: str) -> Group | None:
        return Group.objects.filter(name=key).first()


@pytest.fixture
def moody(transactional_db: None) -> Iterator[MoodyGroups]:
    Group.objects.create(name="cooks")
    with registered(MoodyGroups) as subject:
        yield subject


FAILURES = [RuntimeError("a bug"), RedisError("it is down"), DatabaseError("no such table")]


@pytest.mark.parametrize("error", FAILURES, ids=repr)
def test_readers_stay_while_nobody_can_say_whether_it_is_public(moody: MoodyGroups, error: Exception) -> None:
    @scene
    async def play() -> None:
        room = await get_hub().enter(("group", "cooks"))

        moody.error = error
        assert await compare_heads([room]) == [(room, Finding.UP_TO_DATE)]
        moody.error = None
        assert await compare_heads([room]) == [(room, Finding.UP_TO_DATE)]
        await asyncio.to_thread(closing(Group.objects.all().delete))
        assert await compare_heads([room]) == [(room, Finding.GONE)]

    play()


@pytest.mark.parametrize("error", FAILURES, ids=repr)
def test_a_newcomer_comes_back_later_if_nobody_can_say_whether_it_is_public(
    moody: MoodyGroups, error: Exception
) -> None:
    @scene
    async def play() -> None:
        moody.error = error
        with pytest.raises(Unanswered) as raised:
            await get_hub().enter(("group", "cooks"))
        assert refusal_of(raised.value, "entering").code == Close.BACKEND_DOWN
        moody.error = None
        await get_hub().enter(("group", "cooks"))

    play()


@contextmanager
def queries_noted() -> Iterator[list[str]]:
    """The queries of all threads that connect to the database meanwhile, as the hub's do for every call."""
    noted: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        noted.append(sql)
        return execute(sql, *rest)

    def watch(connection: Any, **_: Any) -> None:
        if note not in connection.execute_wrappers:
            connection.execute_wrappers.append(note)

    connection_created.connect(watch)
    try:
        yield noted
    finally:
        connection_created.disconnect(watch)


def test_a_herd_costs_a_handful_of_queries(article: Article) -> None:
    @scene
    async def play() -> None:
        hub = get_hub()
        with queries_noted() as noted:
            rooms = await asyncio.gather(*(hub.enter(("article", "plums")) for _ in range(HERD)))

        assert len(set(rooms)) == 1
        assert 0 < len([sql for sql in noted if sql.startswith("SELECT")]) <= A_HANDFUL

    play()
