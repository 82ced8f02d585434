"""The template tag puts the section under any object, and says what is wrong with it to developers alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import AnonymousUser, Group
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory, TestCase, override_settings
from django.utils import translation

from comments.models import Thread
from comments.section import NotCommentable
from tests.comments.cast import GWEN, make_alice, make_article, post
from tests.comments.subjects import Groups, registered


class TagTests(TestCase):
    """The template tag: developers are told what is wrong, and nobody else sees anything of it."""

    def setUp(self) -> None:
        self.request = RequestFactory().get("/")
        self.request.user = AnonymousUser()
        self.article = make_article(make_alice())

    def render(self, target: Any, request: HttpRequest | None = None) -> str:
        context = {"target": target} | ({"request": request} if request else {})
        return Template("{% load live_comments %}{% live_comments target %}").render(Context(context)).strip()

    def check(self, words: str, target: Any, request: HttpRequest | None = None) -> None:
        """Check that developers are told these words, and that production logs them and shows nothing."""
        with override_settings(DEBUG=True), self.assertRaisesRegex(NotCommentable, words):
            self.render(target, request)
        with override_settings(DEBUG=False), self.assertLogs("comments", "ERROR") as log:
            self.assertEqual(self.render(target, request), "")
        self.assertRegex(log.output[0], words)

    def test_an_object_that_is_not_saved(self) -> None:
        self.check("is not saved", type(self.article)(), self.request)
        self.check("is not saved", type(self.article)(pk=1), self.request)

    def test_an_object_that_was_deleted(self) -> None:
        self.article.delete()
        self.check("is not saved", self.article, self.request)

    def test_no_object(self) -> None:
        for target in (None, "", 7):
            self.check("is no object of a model", target, self.request)

    def test_an_object_of_a_model_without_a_subject(self) -> None:
        self.check("Group has no subject", Group.objects.create(name="cooks"), self.request)

    def test_a_template_without_a_request(self) -> None:
        self.check("has no `request`", self.article)

    def test_a_second_time_on_one_page(self) -> None:
        with override_settings(DEBUG=True):
            self.render(self.article, self.request)
            with self.assertRaisesRegex(NotCommentable, "already"):
                self.render(self.article, self.request)

    def test_a_key_that_no_address_can_hold(self) -> None:
        for name in ("sweet/sour", "x\x00", "", ".", ".."):
            with registered(Groups):
                group = Group(pk=Group.objects.count() + 1, name=name)
                group._state.adding = False  # PostgreSQL would not take a NUL
                self.check("can't stand in an address", group, self.request)

    def test_scripts_read_plain_numbers_and_utc_whatever_the_project_speaks(self) -> None:
        comment = post(GWEN, self.article, written_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
        Thread.objects.filter(pk=comment.thread_id).update(head_seq=1234)
        with (
            override_settings(USE_THOUSAND_SEPARATOR=True, TIME_ZONE="Europe/Berlin"),
            translation.override("de"),
        ):
            page = self.render(self.article, self.request)
        self.assertIn('data-seq="1234"', page)
        self.assertIn('data-max-content="5000"', page)
        self.assertRegex(page, 'title="1 [^"]+ 2026, 23:30 UTC"')

    def test_a_key_of_any_other_letters(self) -> None:
        with registered(Groups):
            for name in ("🫐 and cream", "100 %", "what?", "#1", "a;b", "é"):
                with self.subTest(name):
                    page = self.render(Group.objects.create(name=name), self.request)
                    address = f"/ws/group/{quote(name, safe='')}/"
                    self.assertIn(f'data-socket="{address}"', page)
                    answer = self.client.get(f"/api/group/{quote(name, safe='')}/comments/")
                    self.assertEqual(answer.json()["subject"]["key"], name)
