"""A ref makes a retry harmless: the same comment comes back, and nothing is stored twice."""

import uuid
from typing import Any

from django.test import TestCase

from comments.errors import CommentError
from comments.models import Comment, Thread
from comments.queries import get_thread
from comments.services import Posted, hide_comment, post_comment, set_policy
from tests.comments.cast import GWEN, author, make_alice, make_article, make_bob, thread_of

REF = uuid.UUID("11111111-2222-4333-8444-555555555555")


class Refs(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = make_alice(), make_bob()
        self.article = make_article(self.alice)

    def post(self, person: Any = None, content: str = "Hello.", **more: Any) -> Posted:
        return post_comment(
            author=author(person or self.bob),
            content=content,
            **{"thread": get_thread(self.article), "ref": REF, **more},
        )

    def test_a_retry_gives_the_same_comment_and_no_new_number(self) -> None:
        first, second = self.post(), self.post()
        self.assertEqual((first.duplicate, second.duplicate), (False, True))
        self.assertEqual(first.comment.pk, second.comment.pk)
        self.assertEqual((thread_of(self.article).head_seq, thread_of(self.article).count), (1, 1))

    def test_another_spelling_of_the_uuid_is_the_same_ref(self) -> None:
        first = self.post()
        self.assertEqual(self.post(ref=str(REF).upper()).comment.pk, first.comment.pk)

    def test_white_space_around_the_text_makes_no_other_comment(self) -> None:
        self.post()
        self.assertTrue(self.post(content=" Hello.\n").duplicate)

    def test_the_same_ref_with_another_text_or_parent_is_a_conflict(self) -> None:
        parent = self.post(ref=uuid.uuid4()).comment
        self.post()
        for other in ({"content": "Goodbye."}, {"parent": parent.pk}):
            with self.assertRaises(CommentError) as raised:
                self.post(**other)
            self.assertEqual((raised.exception.code, raised.exception.reason), (409, "ref_conflict"))
        self.assertEqual(Comment.objects.count(), 2)

    def test_the_ref_of_another_author_is_a_new_one(self) -> None:
        first = self.post()
        for person in (self.alice, GWEN):
            posted = self.post(person, "Something else.")
            self.assertFalse(posted.duplicate)
            self.assertNotEqual(posted.comment.pk, first.comment.pk)

    def test_the_same_ref_under_another_article_is_new(self) -> None:
        self.post()
        self.assertFalse(self.post(thread=get_thread(make_article(self.alice, "pears"))).duplicate)

    def test_a_retry_is_answered_though_the_thread_was_closed_or_the_comment_hidden_since(self) -> None:
        first = self.post()
        hide_comment(comment=first.comment)
        set_policy(thread=thread_of(self.article), policy=Thread.Policy.CLOSED)
        again = self.post()
        self.assertTrue(again.duplicate)
        self.assertEqual(again.comment.status, "hidden")
