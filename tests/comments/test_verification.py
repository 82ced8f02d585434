"""A page asks whether it shows what the database holds, and is told the truth, or that it can't be said."""

from typing import Any

from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from comments.ids import LARGEST_ID
from comments.models import Comment
from comments.reactions import react
from comments.services import edit_comment, hide_comment
from comments.verification import MOST, differences, digest_of, reactions_digest_of
from tests.comments.cast import GWEN, make_alice, make_article, post, thread_of

UP = "👍"
ADDRESS = "/api/articles/plums/verify/"


def edit(*, comment: Comment) -> None:
    edit_comment(comment=comment, content="Riper.")


def between(first: Comment, last: Comment) -> dict[str, str]:
    return {"first": str(first.pk), "last": str(last.pk)}


class Verifying(TestCase):
    def setUp(self) -> None:
        self.article = make_article(make_alice())
        self.roots = [post(GWEN, self.article, f"Root {n}") for n in range(4)]
        self.replies = [post(GWEN, self.article, f"Reply {n}", parent=self.roots[0].pk) for n in range(3)]

        self.found = differences.found

    def react(self, comment: Comment) -> None:
        react(author=GWEN, thread=comment.thread, comment_id=str(comment.pk), emoji=UP, on=True)

    def reactions(self, counts: dict[int, dict[str, int]]) -> dict[str, Any]:
        seq = thread_of(self.article).reaction_seq
        return {"seq": seq, "digest": reactions_digest_of(counts.items())}

    def ask(self, comments: list[Comment], windows: Any = None, **fields: Any) -> Any:
        thread = thread_of(self.article)
        digest = digest_of((comment.pk, comment.version) for comment in comments)
        asked = {"epoch": thread.epoch, "seq": thread.head_seq, "digest": digest, "windows": windows or [{}]}
        return self.client.post(ADDRESS, asked | fields, content_type="application/json")

    def said(self, comments: list[Comment], *windows: dict[str, str], **fields: Any) -> bool | None:
        answer = self.ask(comments, windows, **fields)
        self.assertEqual(answer.status_code, 200, answer.content)
        same: bool | None = answer.json()["same"]
        return same

    def test_a_page_that_is_right(self) -> None:
        below = {"root": str(self.roots[0].pk)}
        self.assertIs(self.said(self.roots), True)
        self.assertIs(self.said(self.roots[1:3], between(self.roots[1], self.roots[2])), True)
        self.assertIs(self.said(self.replies, below), True)
        self.assertIs(self.said([*self.roots, *self.replies], {}, below), True)
        self.assertIs(self.said([], {"root": str(self.roots[1].pk)}), True)

    def test_a_page_that_is_wrong_is_told_and_counted(self) -> None:
        before = differences.found
        older = Comment(pk=self.roots[3].pk, version=0)
        for wrong in (self.roots[:3], [*self.roots, self.replies[0]], [*self.roots[:3], older]):
            self.assertIs(self.said(wrong), False)
        self.assertEqual(differences.found, before + 3)

    def test_a_page_that_lacks_what_was_lost_at_the_lists_end(self) -> None:
        self.assertIs(self.said(self.roots[:3], {"first": str(self.roots[0].pk)}), False)
        self.assertIs(self.said(self.roots[:3], {"last": str(self.roots[2].pk)}), True)

    def test_a_hidden_comment_is_shown_by_no_page_that_is_right(self) -> None:
        hide_comment(comment=self.roots[1])
        self.assertIs(self.said(self.roots), False)
        self.assertIs(self.said([self.roots[0], *self.roots[2:]]), True)

    def test_of_a_number_before_the_last_change_nothing_is_said_where_it_was(self) -> None:
        seq = thread_of(self.article).head_seq
        edit(comment=self.roots[3])
        self.assertIsNone(self.said(self.roots, seq=seq))
        self.assertIs(self.said(self.roots[:3], {"last": str(self.roots[2].pk)}, seq=seq), True)

    def test_another_epoch_and_a_number_of_the_future_are_no_copy_of_this_thread(self) -> None:
        self.assertIs(self.said(self.roots, epoch="of another life"), False)
        self.assertIs(self.said(self.roots, seq=99), False)

    def test_the_digest_of_reactions_is_the_one_that_tests_page_js_verifying_computes(self) -> None:
        rows: list[tuple[int, dict[str, int]]] = [(1, {"👍": 2, "❤️": 1}), (2, {}), (3, {"😄": 1, "ﬀ": 3})]
        self.assertEqual(reactions_digest_of(rows), "6d8b9603")
        self.assertEqual(
            reactions_digest_of((pk, dict(reversed(counts.items()))) for pk, counts in rows), "6d8b9603"
        )

    def test_reactions_are_compared_where_the_comments_are_the_same(self) -> None:
        self.react(self.roots[0])
        told = self.reactions({self.roots[0].pk: {UP: 1}})
        self.assertIs(self.said(self.roots, reactions=told), True)
        self.assertIs(self.said(self.roots, reactions=self.reactions({})), False)
        self.assertIs(self.said(self.roots[:3], reactions=told), False)
        self.react(self.roots[1])
        self.assertIsNone(self.said(self.roots, reactions=told))
        hide_comment(comment=self.roots[1])
        self.assertIs(self.said([self.roots[0], *self.roots[2:]], reactions=told), True)

    @override_settings(COMMENTS_RATE_LIMITS=True, COMMENTS_VERIFY_RATE=0.1)
    def test_who_asks_too_much_is_told_nothing_and_nothing_is_read_for_them(self) -> None:
        seq = thread_of(self.article).head_seq
        self.assertIs(self.said(self.roots), True)
        hide_comment(comment=self.roots[0])  # so that no answer is remembered
        with CaptureQueriesContext(connection) as queries:
            self.assertIsNone(self.said(self.roots))
        self.assertFalse([q for q in queries if "comments_comment" in q["sql"]])
        self.assertIs(self.said(self.roots, epoch="of another life", seq=seq), False)
        self.assertEqual(differences.found, self.found)

    @override_settings(COMMENTS_VERIFY_RATE=0)
    def test_a_project_may_have_none_of_it_answered(self) -> None:
        self.assertIsNone(self.said(self.roots))

    def test_pages_share_the_answer(self) -> None:
        self.said(self.roots)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            self.said(self.roots)
        self.assertFalse([q for q in queries if "comments_comment" in q["sql"]])

    def test_bad_input(self) -> None:
        nonsense: tuple[dict[str, Any], ...] = (
            {"digest": "xyz"},
            {"digest": None},
            {"seq": -1},
            {"seq": "many"},
            {"epoch": 7},
            {"windows": "all"},
            {"windows": [{}] * 201},
            {"windows": [{"root": "plums"}]},
            {"windows": [{"first": "9" * 19}]},
            {"windows": [{"last": "-4"}]},
            {"windows": [7]},
            {"reactions": 7},
            {"reactions": {"seq": 1}},
            {"reactions": {"seq": -1, "digest": "00000000"}},
        )
        for wrong in nonsense:
            answer = self.ask(self.roots, **wrong)
            self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"), wrong)
        answer = self.client.post(ADDRESS, [], content_type="application/json")
        self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"))

    def test_a_digest_is_bounded(self) -> None:
        root = self.roots[3]
        fields = {"thread": root.thread, "root": root, "parent": root, "role": "guest", "ref": root.ref}
        many = (Comment(**fields, author_key=f"g{n}", seq=1000 + n) for n in range(MOST + 1))
        Comment.objects.bulk_create(many)
        answer = self.ask([], [{"root": str(root.pk)}])
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
        ids = [None, *(str(comment.pk) for comment in comments)]
        window = {name: data.draw(st.sampled_from(ids)) for name in ("root", "first", "last")}
        root = None if window["root"] is None else int(window["root"])
        held = Comment.objects.filter(thread=thread, root_id=root, status="visible").order_by("id")
        low, high = (int(window[end] or default) for end, default in (("first", 0), ("last", LARGEST_ID)))
        shown = [(comment.pk, comment.version) for comment in held if low <= comment.pk <= high]
        falsified = [(pk, version + 1) for pk, version in shown]
        for rows, expected in ((shown, True), (falsified, not shown)):
            asked = {"epoch": thread.epoch, "seq": thread.head_seq, "digest": digest_of(rows)}
            answer = self.client.post(ADDRESS, asked | {"windows": [window]}, content_type="application/json")
            self.assertEqual(answer.json()["same"], expected)
