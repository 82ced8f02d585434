"""A page asks whether it shows what the database holds, and is told the truth, or that it can't be said."""

from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from comments.models import Comment
from comments.services import edit_comment, hide_comment
from comments.verification import MOST, differences, digest_of
from tests.comments.cast import GWEN, make_alice, make_article, post, thread_of

ADDRESS = "/api/articles/plums/verify/"


def edit(*, comment: Comment) -> None:
    edit_comment(comment=comment, content="Riper.")


class Verifying(TestCase):
    def setUp(self) -> None:
        self.article = make_article(make_alice())
        self.roots = [post(GWEN, self.article, f"Root {n}") for n in range(4)]
        self.replies = [post(GWEN, self.article, f"Reply {n}", parent=self.roots[0].pk) for n in range(3)]

    def ask(self, comments: list[Comment], **fields: Any) -> Any:
        thread = thread_of(self.article)
        digest = digest_of((comment.pk, comment.version) for comment in comments)
        return self.client.get(
            ADDRESS, {"epoch": thread.epoch, "seq": thread.head_seq, "digest": digest, **fields}
        )

    def said(self, comments: list[Comment], **fields: Any) -> bool | None:
        answer = self.ask(comments, **fields)
        self.assertEqual(answer.status_code, 200, answer.content)
        same: bool | None = answer.json()["same"]
        return same

    def test_a_page_that_is_right(self) -> None:
        self.assertIs(self.said(self.roots), True)
        self.assertIs(self.said(self.roots[1:3], first=self.roots[1].pk, last=self.roots[2].pk), True)
        self.assertIs(self.said(self.replies, root=self.roots[0].pk), True)
        self.assertIs(self.said([], root=self.roots[1].pk), True)

    def test_a_page_that_is_wrong_is_told_and_counted(self) -> None:
        before = differences.found
        older = Comment(pk=self.roots[3].pk, version=0)
        for wrong in (self.roots[:3], [*self.roots, self.replies[0]], [*self.roots[:3], older]):
            with self.assertLogs("comments.verification", "WARNING"):
                self.assertIs(self.said(wrong), False)
        self.assertEqual(differences.found, before + 3)

    def test_a_page_that_lacks_what_was_lost_at_the_lists_end(self) -> None:
        self.assertIs(self.said(self.roots[:3], first=self.roots[0].pk), False)
        self.assertIs(self.said(self.roots[:3], last=self.roots[2].pk), True)

    def test_a_hidden_comment_is_shown_by_no_page_that_is_right(self) -> None:
        hide_comment(comment=self.roots[1])
        self.assertIs(self.said(self.roots), False)
        self.assertIs(self.said([self.roots[0], *self.roots[2:]]), True)

    def test_of_a_number_before_the_last_change_nothing_is_said_where_it_was(self) -> None:
        seq = thread_of(self.article).head_seq
        edit(comment=self.roots[3])
        self.assertIsNone(self.said(self.roots, seq=seq))
        self.assertIs(self.said(self.roots[:3], seq=seq, last=self.roots[2].pk), True)

    def test_another_epoch_and_a_number_of_the_future_are_no_copy_of_this_thread(self) -> None:
        self.assertIs(self.said(self.roots, epoch="of another life"), False)
        self.assertIs(self.said(self.roots, seq=99), False)

    def test_pages_share_the_answer(self) -> None:
        self.said(self.roots)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            self.said(self.roots)
        self.assertFalse([q for q in queries if "comments_comment" in q["sql"]])

    def test_bad_input(self) -> None:
        for wrong in (
            {"digest": "xyz"},
            {"digest": ""},
            {"seq": "-1"},
            {"seq": "many"},
            {"root": "plums"},
            {"first": "9" * 19},
            {"last": "-4"},
            {"epoch": "x" * 65},
        ):
            answer = self.ask(self.roots, **wrong)
            self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"), wrong)

    def test_a_digest_is_bounded(self) -> None:
        root = self.roots[3]
        fields = {
            "thread": root.thread,
            "role": "guest",
            "content": "x",
            "html": "x",
            "root": root,
            "parent": root,
        }
        Comment.objects.bulk_create(
            Comment(**fields, author_key=f"g{n}", author_name="G", ref=root.ref, seq=1000 + n)
            for n in range(MOST + 1)
        )
        answer = self.ask([], root=root.pk)
        self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"))


class NoFalseAlarm(PropertyTestCase):
    """Whatever was done to a thread, a page that equals it is told so; one that does not never is."""

    @given(st.data())
    def test_any_window_of_any_thread(self, data: st.DataObject) -> None:
        article = make_article(make_alice())
        comments: list[Comment] = []
        for n in range(data.draw(st.integers(1, 8))):
            parent = data.draw(st.sampled_from([None, *comments]))
            comments.append(post(GWEN, article, f"{n}", parent=parent and parent.pk))
        for comment in comments:
            if data.draw(st.booleans()):
                data.draw(st.sampled_from([hide_comment, edit]))(comment=comment)
        thread = thread_of(article)
        root = data.draw(st.sampled_from([None, *(c.pk for c in comments if c.root_id is None)]))
        low, high = (data.draw(st.sampled_from([None, *(c.pk for c in comments)])) for _ in range(2))
        held = Comment.objects.filter(thread=thread, root=root, status="visible").order_by("id")
        shown = [(c.pk, c.version) for c in held if (low or 0) <= c.pk <= (high or c.pk)]
        falsified = [(pk, version + 1) for pk, version in shown]
        for rows, expected in ((shown, True), (falsified, not shown)):
            query: dict[str, Any] = {"epoch": thread.epoch, "seq": thread.head_seq, "digest": digest_of(rows)}
            query |= {k: v for k, v in {"root": root, "first": low, "last": high}.items() if v is not None}
            answer = self.client.get(ADDRESS, query)
            self.assertEqual(answer.json()["same"], expected)
