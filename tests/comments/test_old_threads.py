"""Threads from before there were conversations get their roots and counts in the migration."""

from importlib import import_module

from django.apps import apps
from django.test import TestCase

from comments.models import Comment
from comments.services import hide_comment
from tests.comments.cast import GWEN, make_alice, make_article, post

fill = import_module("comments.migrations.0003_conversations").fill


class OldThreads(TestCase):
    def numbers(self) -> list[tuple[int | None, int]]:
        return list(Comment.objects.order_by("pk").values_list("root", "conversation_count"))

    def test_each_gets_what_it_would_have_got_from_the_services(self) -> None:
        alice = make_alice()
        for slug in ("plums", "pears"):
            article = make_article(alice, slug)
            first, second = post(alice, article), post(alice, article)
            chain = [first]
            for _ in range(6):
                chain.append(post(GWEN, article, parent=chain[-1].pk))
                post(GWEN, article, parent=second.pk)
            hide_comment(comment=chain[3])
            hide_comment(comment=second)
        before = self.numbers()
        Comment.objects.update(root=None, conversation_count=0)
        self.assertNotEqual(self.numbers(), before)

        fill(apps)
        self.assertEqual(self.numbers(), before)

        fill(apps)
        self.assertEqual(self.numbers(), before)
