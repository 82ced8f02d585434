"""Posting a comment: its effect on the thread, and the refusals."""

import uuid
from typing import Any

from django.test import TestCase, override_settings

from comments.authors import Author
from comments.errors import CommentError
from comments.models import Comment, Thread
from comments.queries import get_thread
from comments.services import delete_comment, hide_comment, post_comment, set_policy
from tests.comments.cast import GWEN, author, make_alice, make_article, make_bob, make_mona, post, thread_of

ZERO_WIDTH, COMBINING, HANGUL_FILLER = "\u200b\u200d\ufeff", "\u0301\u0302", "\u3164"


class Posting(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = make_alice(), make_bob()
        self.article = make_article(self.alice)

    def refusal(self, **arguments: Any) -> CommentError:
        """The error that posting with these arguments raises; it must leave no trace."""
        before = Comment.objects.count(), thread_of(self.article).head_seq
        with self.assertRaises(CommentError) as raised:
            post_comment(
                **{
                    "author": author(self.bob),
                    "thread": get_thread(self.article),
                    "content": "Hello.",
                    "ref": uuid.uuid4(),
                    **arguments,
                }
            )
        self.assertEqual((Comment.objects.count(), thread_of(self.article).head_seq), before)
        return raised.exception

    def test_each_comment_takes_the_threads_next_number_and_is_counted(self) -> None:
        comments = [post(self.bob, self.article, f"Number {n}.") for n in (1, 2, 3)]
        thread = thread_of(self.article)
        self.assertEqual([comment.seq for comment in comments], [1, 2, 3])
        self.assertEqual((thread.head_seq, thread.count), (3, 3))

    def test_threads_count_apart(self) -> None:
        other = make_article(self.alice, "pears")
        post(self.bob, self.article)
        self.assertEqual(post(self.bob, other).seq, 1)

    def test_it_is_stored_as_typed_with_its_html_and_who_wrote_it(self) -> None:
        comment = post(self.bob, self.article, "  Ripe *and* sweet.\r\nYes. \n")
        comment.refresh_from_db()
        self.assertEqual(comment.content, "  Ripe *and* sweet.\nYes.")
        self.assertEqual(comment.html, '<p dir="auto">Ripe <em>and</em> sweet.<br>\nYes.</p>\n')
        self.assertEqual(
            (comment.author, comment.author_key, comment.author_name), (self.bob, f"u{self.bob.pk}", "bob")
        )
        self.assertEqual((comment.status, comment.version), ("visible", 1))

    def test_the_role_is_the_one_that_readers_see_beside_the_name(self) -> None:
        for person, role in (
            (self.alice, "author"),
            (self.bob, "member"),
            (make_mona(), "moderator"),
            (GWEN, "guest"),
        ):
            self.assertEqual(post(person, self.article).role, role)

    def test_a_reply_is_counted_at_its_parent(self) -> None:
        parent = post(self.bob, self.article)
        reply = post(self.alice, self.article, parent=str(parent.pk))
        parent.refresh_from_db()
        self.assertEqual((reply.parent, parent.reply_count, parent.seq), (parent, 1, 1))

    def test_a_reply_to_a_comment_that_is_not_there_is_refused(self) -> None:
        elsewhere = post(self.bob, make_article(self.alice, "pears"))
        hidden, deleted = post(self.bob, self.article), post(self.bob, self.article)
        hide_comment(comment=hidden)
        delete_comment(comment=deleted)
        missing = deleted.pk + 1000
        for parent in (
            elsewhere.pk,
            hidden.pk,
            deleted.pk,
            missing,
            0,
            -1,
            "junk",
            "1.5",
            "٣",
            "9" * 30,
            2**63,
        ):
            with self.subTest(parent=parent):
                error = self.refusal(parent=parent)
                self.assertEqual((error.code, error.reason), (422, "bad_parent"))
        elsewhere.refresh_from_db()
        self.assertEqual(elsewhere.reply_count, 0)

    def test_a_text_of_which_a_reader_would_see_nothing_is_blank(self) -> None:
        for content in (
            "",
            " \n\t",
            ZERO_WIDTH,
            COMBINING,
            f" {ZERO_WIDTH}{COMBINING}",
            HANGUL_FILLER,
            "\u2800",
        ):
            with self.subTest(content=ascii(content)):
                error = self.refusal(content=content)
                self.assertEqual((error.code, error.reason), (422, "blank"))

    def test_one_sign_is_enough(self) -> None:
        for content in (".", "👍", "é", "e\u0301", "\U0001fae9"):  # the last is younger than Python 3.11
            self.assertEqual(post(self.bob, self.article, content).content, content)

    def test_the_length_has_a_limit(self) -> None:
        self.assertEqual(len(post(self.bob, self.article, "x" * 5000 + "\n").content), 5000)
        error = self.refusal(content="x" * 5001)
        self.assertEqual((error.code, error.reason), (413, "too_long"))

    def test_a_text_that_no_column_can_hold_is_refused(self) -> None:
        for content in ("a\x00b", "a\ud800b", "\udfff"):
            error = self.refusal(content=content)
            self.assertEqual((error.code, error.reason), (400, "bad_field"))

    def test_a_ref_is_a_uuid(self) -> None:
        for ref in ("", "1", "x" * 36, "a" * 33):
            error = self.refusal(ref=ref)
            self.assertEqual((error.code, error.reason), (400, "bad_field"))

    def test_nobody_is_asked_to_log_in(self) -> None:
        error = self.refusal(author=None)
        self.assertEqual((error.code, error.reason), (401, "login_required"))

    def test_guests_post_only_where_they_are_welcome(self) -> None:
        self.assertEqual(post(GWEN, self.article).author_key, GWEN.key)
        with override_settings(COMMENTS_GUESTS=False):
            error = self.refusal(author=GWEN)
        self.assertEqual((error.code, error.reason), (401, "login_required"))

    def test_a_closed_thread_takes_nothing_until_it_is_opened(self) -> None:
        set_policy(thread=thread_of(self.article), policy=Thread.Policy.CLOSED)
        error = self.refusal()
        self.assertEqual((error.code, error.reason), (403, "closed"))
        set_policy(thread=thread_of(self.article), policy=Thread.Policy.OPEN)
        self.assertEqual(post(self.bob, self.article).seq, 3)

    def test_a_banned_user_is_told_so(self) -> None:
        self.bob.is_active = False
        with self.assertRaises(CommentError) as raised:
            author(self.bob)
        self.assertEqual((raised.exception.code, raised.exception.reason), (403, "banned"))

    def test_a_post_is_seven_queries_and_a_reply_two_or_three_more(self) -> None:
        parent, bob = post(self.bob, self.article), author(self.bob)
        # The thread, the ref, the transaction's begin and end, the thread's lock, the comment, the head.
        with self.assertNumQueries(7):
            post_comment(author=bob, thread=get_thread(self.article), content="Hello.", ref=uuid.uuid4())
        with self.assertNumQueries(9):  # the parent, which is the root, and its numbers
            reply = self.reply(bob, parent)
        with self.assertNumQueries(10):  # the parent and its root, and the numbers of each
            self.reply(bob, reply)

    def reply(self, writer: Author, parent: Comment) -> Comment:
        thread = get_thread(self.article)
        posted = post_comment(
            author=writer, thread=thread, content="Hello.", ref=uuid.uuid4(), parent=parent.pk
        )
        return posted.comment
