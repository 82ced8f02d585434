"""Numbers that were written past the services are mended, and pages that may have them start again."""

from __future__ import annotations

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import TestCase

from comments.models import Comment, Thread
from comments.recounting import recount_thread
from comments.services import hide_comment
from tests.comments.cast import GWEN, make_alice, make_article, post, thread_of


class Recounting(TestCase):
    def setUp(self) -> None:
        self.alice = make_alice()
        self.article = make_article(self.alice)
        root = post(self.alice, self.article)
        reply = post(GWEN, self.article, parent=root.pk)
        self.deep = post(GWEN, self.article, parent=reply.pk)
        hide_comment(comment=reply)
        self.epoch = thread_of(self.article).epoch

    def rows(self) -> list[Any]:
        numbers = Comment.objects.order_by("pk").values_list("root", "reply_count", "conversation_count")
        return [*numbers, *Thread.objects.values_list("count", flat=True)]

    def test_what_a_process_of_another_version_left_out_is_found(self) -> None:
        before = self.rows()
        Comment.objects.filter(pk=self.deep.pk).update(root=None)
        Comment.objects.update(reply_count=7, conversation_count=0)
        Thread.objects.update(count=1)

        self.assertEqual(recount_thread(thread=thread_of(self.article)), 4)

        self.assertEqual(self.rows(), before)
        self.assertNotEqual(thread_of(self.article).epoch, self.epoch)

    def test_where_all_is_right_nothing_changes(self) -> None:
        post(self.alice, make_article(self.alice, "pears"))
        before, said = self.rows(), StringIO()

        call_command("recount_comments", stdout=said)

        self.assertTrue(said.getvalue().startswith("2 threads, 0 of them mended."))
        self.assertEqual((self.rows(), thread_of(self.article).epoch), (before, self.epoch))
