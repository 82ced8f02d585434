"""The effects of an edit on a comment, on its thread, and on readers."""

import json
import uuid

from django.test import TestCase

from comments import queries, wire
from comments.errors import CommentError
from comments.models import Comment
from comments.services import edit_comment, hide_comment, restore_comment
from tests.comments.cast import make_alice, make_article, make_bob, post, thread_of
from tests.comments.listening import announced_by


class Editing(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.ref = uuid.uuid4()
        self.comment = post(self.bob, self.article, "Hello.", ref=self.ref)

    def state(self) -> tuple[str, int, int, int]:
        """The comment's text, version and number, and the thread's head."""
        self.comment.refresh_from_db()
        return self.comment.content, self.comment.version, self.comment.seq, thread_of(self.article).head_seq

    def test_it_takes_the_next_number_and_the_next_version(self) -> None:
        edited = edit_comment(comment=self.comment, content=" Hello, *you*. ")
        self.assertEqual(self.state(), ("Hello, *you*.", 2, 2, 2))
        self.assertIn("<em>you</em>", self.comment.html)
        assert self.comment.edited_at is not None
        self.assertGreater(self.comment.edited_at, self.comment.created_at)
        self.assertEqual(thread_of(self.article).count, 1)
        self.assertEqual(edited, self.comment)

    def test_it_is_announced_as_the_comment_it_is_now(self) -> None:
        with self.captureOnCommitCallbacks() as announcements:
            edit_comment(comment=self.comment, content="Bye.")
        [announcement] = announcements
        change = announced_by(announcement).change
        frame = json.loads(change.frame)
        told = {name: frame[name] for name in ("type", "id", "content", "version", "seq", "prev", "count")}
        self.assertEqual(
            told,
            {
                "type": "message",
                "id": str(self.comment.pk),
                "content": "Bye.",
                "version": 2,
                "seq": 2,
                "prev": 1,
                "count": 1,
            },
        )
        self.assertIsNotNone(frame["edited_at"])
        self.assertEqual((change.author, change.ref), (None, None))

    def test_the_same_text_changes_nothing(self) -> None:
        with self.captureOnCommitCallbacks() as announcements:
            edit_comment(comment=self.comment, content="Hello.\r\n")
        self.assertEqual(self.state(), ("Hello.", 1, 1, 1))
        self.assertEqual(announcements, [])

    def test_the_rules_for_texts_hold(self) -> None:
        for content, reason in (("  ", "blank"), ("x" * 5001, "too_long"), ("\x00", "bad_field")):
            with self.assertRaises(CommentError) as raised:
                edit_comment(comment=self.comment, content=content)
            self.assertEqual(raised.exception.reason, reason)
        self.assertEqual(self.state(), ("Hello.", 1, 1, 1))

    def test_a_hidden_comment_is_edited_in_silence_and_comes_back_with_its_new_text(self) -> None:
        hide_comment(comment=self.comment)
        before = queries.history_json(thread_of(self.article), 0)
        with self.captureOnCommitCallbacks() as announcements:
            edit_comment(comment=self.comment, content="Better.")
        self.assertEqual(self.state(), ("Better.", 2, 2, 2))
        self.assertEqual(announcements, [])
        self.assertEqual(queries.history_json(thread_of(self.article), 0), before)
        self.assertEqual(queries.snapshot(thread_of(self.article)).results, [])

        restore_comment(comment=self.comment)
        [change] = queries.history(thread_of(self.article).pk, 2).changes
        assert isinstance(change, wire.Message)
        self.assertEqual((change.content, change.version), ("Better.", 2))

    def test_a_stale_copy_hides_nothing_and_shows_nothing(self) -> None:
        stale = Comment.objects.get(pk=self.comment.pk)
        hide_comment(comment=self.comment)
        edit_comment(comment=stale, content="Late.")
        self.comment.refresh_from_db()
        self.assertEqual((self.comment.status, self.comment.content), ("hidden", "Late."))

    def test_a_retry_of_the_post_finds_the_edited_comment(self) -> None:
        edit_comment(comment=self.comment, content="Edited since.")
        self.assertEqual(post(self.bob, self.article, "Hello.", ref=self.ref), self.comment)
        self.assertEqual(Comment.objects.count(), 1)

    def test_history_tells_a_comment_that_was_edited_twice_once(self) -> None:
        for text in ("One.", "Two."):
            edit_comment(comment=self.comment, content=text)
        [change] = queries.history(thread_of(self.article).pk, 1).changes
        assert isinstance(change, wire.Message)
        self.assertEqual((change.content, change.version, change.seq, change.prev), ("Two.", 3, 3, 1))
