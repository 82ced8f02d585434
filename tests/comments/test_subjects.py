"""A project's subjects may be wrong, and so may the addresses that clients ask for: nobody sees a 500."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import Group
from django.db import DataError, InterfaceError, OperationalError
from django.test import TestCase
from redis.exceptions import RedisError

from comments.models import Thread
from comments.queries import get_heads, get_thread
from comments.services import post_comment
from tests.comments.cast import GWEN, make_alice, make_article, post, thread_of
from tests.comments.subjects import Groups, registered

OUTAGES = (OperationalError, InterfaceError, ConnectionError, TimeoutError, RedisError)
STRANGE_KEYS = (
    "nobody",
    "a/b",
    "../..",
    "🫐",
    "x" * 500,
    "a\x00b",
    "%00",
    "%",
    "?",
    "#",
    "\u202e",
    "-1",
    "9" * 300,
)
CALLS = ("comments/", "history/?after=0")


class Raises(Groups):
    """A subject whose every method fails."""

    def all(self) -> Any:
        raise RuntimeError("all")

    def key(self, target: Group) -> str:
        raise RuntimeError("key")

    def title(self, target: Group) -> str:
        raise RuntimeError("title")

    def url(self, target: Group) -> str:
        raise RuntimeError("url")

    def author_id(self, target: Group) -> Any:
        raise RuntimeError("author_id")


class SaysNothing(Groups):
    """A subject whose every method returns None."""

    def find(self, key: str) -> Any:
        return None

    def public(self) -> Any:
        return None

    key = title = url = find  # type: ignore[assignment]


class NoSubject:
    """A class that has a model, and not one method."""

    model = Group


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the tracebacks that these subjects leave in the log from the report."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


class StrangeAddressTests(TestCase):
    """Nothing is at these addresses, on whichever way a client asks."""

    def ask_everything(self, kind: str, key: str) -> set[int]:
        address = f"/api/{quote(kind, safe='')}/{quote(key, safe='')}/"
        body = json.dumps({"content": "Hello.", "ref": str(uuid.uuid4())})
        answers = [self.client.get(address + call) for call in CALLS]
        answers.append(self.client.post(address + "comments/", body, content_type="application/json"))
        form = f"/{quote(kind, safe='')}/{quote(key, safe='')}/comments/"
        answers += [self.client.get(form), self.client.post(form, {"content": "Hello.", "name": "Gwen"})]
        return {answer.status_code for answer in answers}

    def test_a_key_that_nothing_has(self) -> None:
        with registered(Groups):
            for kind in ("articles", "group"):
                for key in STRANGE_KEYS:
                    with self.subTest(kind=kind, key=key[:20]):
                        self.assertLessEqual(self.ask_everything(kind, key), {401, 404})

    def test_a_kind_that_nobody_registered(self) -> None:
        for kind in ("recipe", "group", "🫐", "articles\x00", "x" * 500):
            with self.subTest(kind=kind[:20]):
                self.assertEqual(self.ask_everything(kind, "1"), {404})


class WrongSubjectTests(TestCase):
    """The project's own code fails: its comments are gone, and everything else goes on."""

    def setUp(self) -> None:
        self.group = Group.objects.create(name="cooks")
        self.other = post(GWEN, make_article(make_alice()))
        with registered(Groups):
            self.thread = get_thread(self.group)
            post_comment(author=GWEN, thread=self.thread, content="Hello.", ref=uuid.uuid4())

    def statuses(self) -> set[int]:
        answers = [self.client.get(f"/api/group/cooks/{call}") for call in CALLS]
        return {answer.status_code for answer in [*answers, self.client.get("/group/cooks/comments/")]}

    def test_its_calls_are_not_found(self) -> None:
        for subject in (Raises, SaysNothing, NoSubject):
            with self.subTest(subject.__name__), registered(subject), quiet():
                self.assertEqual(self.statuses(), {404})

    def test_an_error_of_the_database_that_is_no_outage_is_no_server_error_either(self) -> None:
        class Refused(Groups):
            def find(self, key: str) -> Any:
                raise DataError("integer out of range")

        with registered(Refused), quiet():
            self.assertEqual(self.statuses(), {404})

    def test_its_heads_are_unknown_and_those_of_other_subjects_are_not(self) -> None:
        for subject in (Raises, SaysNothing):
            with self.subTest(subject.__name__), registered(subject), quiet():
                heads = get_heads([self.thread.pk, self.other.thread_id])
                self.assertEqual(
                    (set(heads.public), heads.unknown), ({self.other.thread_id}, {self.thread.pk})
                )

    def test_nothing_is_public_of_what_is_no_subject_any_more(self) -> None:
        with registered(NoSubject), quiet():
            heads = get_heads([self.thread.pk, self.other.thread_id])
        self.assertEqual((set(heads.public), heads.unknown), ({self.other.thread_id}, set()))

    def test_what_it_needs_may_be_out_of_reach_for_a_while(self) -> None:
        for error in OUTAGES:

            class Out(Groups):
                def public(self, error: type[Exception] = error) -> Any:
                    raise error("it is down")

            with self.subTest(error.__name__), registered(Out), quiet():
                self.assertEqual(get_heads([self.thread.pk]).unknown, {self.thread.pk})
                self.assertEqual(self.statuses(), {503})
        with registered(Groups):
            self.assertEqual(set(get_heads([self.thread.pk]).public), {self.thread.pk})
            self.assertEqual(self.statuses(), {200, 302})

    def test_what_it_does_not_say_has_a_substitute(self) -> None:
        for subject in (Raises, SaysNothing):
            with self.subTest(subject.__name__), registered(subject), quiet():
                thread = Thread.objects.get(pk=self.thread.pk)
                said = (thread.kind, thread.key, thread.title, thread.url, thread.subject_author_id)
                self.assertEqual(said, ("group", str(self.group.pk), f"group {self.group.pk}", "", None))

    def test_a_comment_is_stored_though_the_address_of_its_page_is_not_known(self) -> None:
        class Nowhere(Groups):
            def url(self, target: Group) -> str:
                raise RuntimeError("url")

        with registered(Nowhere), quiet():
            form = {"content": "Hello.", "name": "Gwen", "ref": str(uuid.uuid4())}
            posted = self.client.post("/group/cooks/comments/", form)
            seen = self.client.get("/group/cooks/comments/")
        self.assertEqual((posted.status_code, posted["Location"][:10]), (302, "/#comment-"))
        self.assertEqual((seen.status_code, seen["Location"]), (302, "/#comments"))

    def test_what_is_found_must_be_an_object_of_its_model(self) -> None:
        for found in (self.other, self.group.pk, "a word", Group(name="unsaved")):

            class Confused(Groups):
                def find(self, key: str, found: Any = found) -> Any:
                    return found

            with self.subTest(found=found), registered(Confused), quiet():
                self.assertEqual(self.statuses(), {404})

    def test_the_cause_is_in_the_log(self) -> None:
        with registered(Raises), self.assertLogs("comments.subjects", "ERROR") as log:
            self.client.get("/api/group/cooks/comments/")
        self.assertIn("the subject 'group' failed", log.output[0])
        self.assertIn("RuntimeError: all", log.output[0])


class DeletedObjectTests(TestCase):
    """An object's thread goes with it, without a word; nothing of it comes back with its successor."""

    def setUp(self) -> None:
        self.article = make_article(make_alice())
        post(GWEN, self.article)

    def test_its_comments_go_with_it(self) -> None:
        with self.captureOnCommitCallbacks() as announcements:
            self.article.delete()
        self.assertFalse(Thread.objects.exists())
        self.assertEqual(announcements, [])

    def test_those_of_many_go_with_them(self) -> None:
        kept = post(GWEN, make_article(self.article.author, slug="pears"))
        type(self.article).objects.filter(slug="plums").delete()
        self.assertEqual([thread.pk for thread in Thread.objects.all()], [kept.thread_id])

    def test_another_with_its_key_begins_anew(self) -> None:
        pk = self.article.pk
        self.article.delete()
        successor = make_article(self.article.author, pk=pk)
        self.assertEqual(thread_of(successor).count, 0)

    def test_models_without_a_subject_are_not_listened_to(self) -> None:
        from django.db.models.signals import post_delete

        self.assertFalse(post_delete.has_listeners(Group))
        self.assertTrue(post_delete.has_listeners(type(self.article)))
