"""The snapshot: a page of a thread's conversations as they are now, in three sorts, in both directions."""

from __future__ import annotations

import base64
import gzip
import itertools
from typing import Any

import hypothesis.strategies as st
import pytest
from django.db import connection
from django.test import TestCase
from hypothesis import given, settings
from hypothesis.extra.django import TestCase as HypothesisTestCase

from comments import pages, queries
from comments.errors import CommentError
from comments.models import Comment
from comments.services import hide_comment
from tests.comments.cast import GWEN, make_alice, make_article, make_bob, post, thread_of
from tests.comments.few_bytes import FEW, few_bytes
from tests.comments.trees import STEPS, Step, Tree, grow, is_visible

ADDRESS = "/api/articles/plums/comments/"
SORTS = ("newest", "oldest", "top")


class Snapshot(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.roots = [post(self.bob, self.article, f"Number {n}.") for n in range(5)]
        # Replies: five below number 1, one of them deeper, and one below number 3.
        self.replies = [post(GWEN, self.article, "Yes.", parent=self.roots[1].pk) for _ in range(4)]
        self.replies.append(post(GWEN, self.article, "No.", parent=self.replies[0].pk))
        self.other = post(GWEN, self.article, "Perhaps.", parent=self.roots[3].pk)

    def get(self, **query: Any) -> Any:
        return self.client.get(ADDRESS, query).json()

    def places(self, page: Any) -> list[int]:
        pks = [str(comment.pk) for comment in self.roots]
        return [pks.index(comment["id"]) for comment in page["results"]]

    def test_it_is_compressed_for_browsers_that_ask_for_it(self) -> None:
        for address in (ADDRESS, f"{ADDRESS}{self.roots[1].pk}/replies/"):
            answer = self.client.get(address, headers={"accept-encoding": "gzip"})
            self.assertEqual(answer["Content-Encoding"], "gzip")
            self.assertIn(b'"results":[{', gzip.decompress(answer.content))

    def test_the_newest_conversations_come_first_unless_asked_otherwise(self) -> None:
        self.assertEqual(self.places(self.get()), [4, 3, 2, 1, 0])
        self.assertEqual(self.places(self.get(sort="oldest")), [0, 1, 2, 3, 4])

    def test_the_top_ones_have_most_reactions_then_most_replies(self) -> None:
        Comment.objects.filter(pk=self.roots[2].pk).update(reaction_count=2)
        Comment.objects.filter(pk=self.replies[0].pk).update(reaction_count=9)  # a reply's count for nothing
        self.assertEqual(self.places(self.get(sort="top")), [2, 1, 3, 4, 0])

    def test_each_comes_with_its_first_three_replies(self) -> None:
        conversation = self.get()["results"][3]
        replies = conversation["replies"]
        self.assertEqual([c["id"] for c in replies["results"]], [str(c.pk) for c in self.replies[:3]])
        self.assertEqual((conversation["reply_count"], replies["earlier"], replies["later"]), (5, 0, 2))
        rest = self.client.get(f"{ADDRESS}{conversation['id']}/replies/", {"cursor": replies["next"]}).json()
        self.assertEqual([c["id"] for c in rest["results"]], [str(c.pk) for c in self.replies[3:]])
        self.assertEqual((rest["earlier"], rest["later"], rest["next"]), (3, 0, None))

    def test_it_says_where_the_thread_stands(self) -> None:
        hide_comment(comment=self.roots[0])
        thread, page = thread_of(self.article), self.get()
        self.assertEqual(self.places(page), [4, 3, 2, 1])
        del page["results"]
        self.assertEqual(
            page,
            {
                "epoch": thread.epoch,
                "seq": 12,
                "reaction_seq": 0,
                "count": 10,
                "policy": "open",
                "subject": {
                    "kind": "article",
                    "key": "plums",
                    "url": "/articles/plums/",
                    "title": self.article.title,
                    "revision": 1,
                },
                "sort": "newest",
                "previous": None,
                "next": None,
                "around": None,
            },
        )

    def test_a_comment_on_the_wire(self) -> None:
        reply = self.get()["results"][1]["replies"]["results"][0]
        self.assertEqual(
            reply,
            {
                "id": str(self.other.pk),
                "user": "Gwen",
                "user_id": GWEN.key,
                "role": "guest",
                "content": "Perhaps.",
                "html": '<p dir="auto">Perhaps.</p>\n',
                "timestamp": self.other.created_at.isoformat().replace("+00:00", "Z"),
                "edited_at": None,
                "edited_by": None,
                "parent": str(self.roots[3].pk),
                "root": str(self.roots[3].pk),
                "reply_count": 0,
                "status": "visible",
                "version": 1,
                "reactions": {},
                "reaction_seq": 0,
            },
        )

    def test_a_cursor_of_junk_is_refused(self) -> None:
        mine = self.get(limit=1)["next"]
        made_up = [
            base64.urlsafe_b64encode(text).decode().rstrip("=")
            for text in (
                b"newest:1",
                b"newest:after:a",
                b"newest:after:-1",
                b"newest:after:9999999999999999999999",
                b"newest:after:1:1",
                b"newest:beside:1",
                b"\xff\xfe",
            )
        ]
        for sort, cursor in [("newest", junk) for junk in ("x", "%%%", "é", "a" * 201, *made_up)] + [
            ("top", mine)
        ]:
            with self.subTest(sort=sort, cursor=cursor):
                answer = self.client.get(ADDRESS, {"sort": sort, "cursor": cursor})
                self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"))

    def test_a_cursor_of_huge_numbers_leads_to_an_end(self) -> None:
        for way, places in (("after", [1, 3, 4, 2, 0]), ("before", [])):
            text = f"top:{way}:{2**63 - 1}:{2**63 - 1}:{2**63 - 1}"
            cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
            self.assertEqual(self.places(self.get(sort="top", cursor=cursor)), places)

    def test_other_junk_is_refused(self) -> None:
        mine = self.get(limit=1)["next"]
        for query in ("sort=best", "limit=0", "limit=-1", "limit=1.5", f"cursor={mine}&around=1"):
            with self.subTest(query=query):
                answer = self.client.get(f"{ADDRESS}?{query}")
                self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"))
        with self.assertRaises(CommentError):
            queries.snapshot(thread_of(self.article), "best")

    def test_the_limit_is_capped(self) -> None:
        template = self.roots[0]
        Comment.objects.bulk_create(
            Comment(
                thread=template.thread,
                author_key=f"g{n}",
                author_name="x",
                role="guest",
                ref=template.ref,
                content="x",
                html="x",
                seq=1000 + n,
            )
            for n in range(queries.SNAPSHOT_MOST)
        )
        page = self.get(limit=10**9)
        self.assertEqual(len(page["results"]), queries.SNAPSHOT_MOST)
        self.assertIsNotNone(page["next"])

    def test_a_page_is_four_queries_and_five_at_a_cursor(self) -> None:
        for sort in SORTS:
            with self.assertNumQueries(4):  # the article, the thread, the roots, the replies
                self.get(sort=sort)
            cursor = self.get(sort=sort, limit=1)["next"]
            with self.assertNumQueries(5):  # and whether anything stands on the other side
                self.get(sort=sort, cursor=cursor)

    def test_a_draft_has_none(self) -> None:
        make_article(self.article.author, "draft", status="draft")
        for slug in ("draft", "nothing-here"):
            answer = self.client.get(f"/api/articles/{slug}/comments/")
            self.assertEqual((answer.status_code, answer.json()["reason"]), (404, "not_found"))


class AnySnapshot(HypothesisTestCase):
    @settings(max_examples=60, deadline=None)
    @given(
        steps=STEPS,
        sort=st.sampled_from(SORTS),
        reactions=st.lists(st.integers(0, 2), max_size=12),
        limit=st.integers(1, 4),
        turns=st.lists(st.booleans(), max_size=8),
        most=FEW,
    )
    def test_the_pages_are_all_of_the_thread_once_in_both_directions(
        self,
        steps: list[Step],
        sort: str,
        reactions: list[int],
        limit: int,
        turns: list[bool],
        most: int | None,
    ) -> None:
        article = make_article(make_alice())
        grow(article, steps)
        for comment, number in zip(Comment.objects.order_by("pk"), reactions, strict=False):
            Comment.objects.filter(pk=comment.pk).update(reaction_count=number)
        thread, tree = thread_of(article), Tree()
        expected = [str(root.pk) for root in sorted_roots(tree, sort)]

        cursor, seen = None, []
        for forwards in itertools.chain([True], turns, itertools.repeat(True)):
            with few_bytes(most):
                page = queries.snapshot(thread, sort, cursor, limit)
            here = [root.id for root in page.results]
            begin = expected.index(here[0]) if here else 0
            end = begin + len(here)
            self.assertEqual(here, expected[begin:end])
            self.assertLessEqual(len(here), limit)
            self.assertEqual((page.previous is None, page.next is None), (begin == 0, end == len(expected)))
            for root in page.results:
                self.check_first_replies(root, tree, 3 if most is None else len(root.replies.results))
            seen += here
            cursor = page.next if forwards else page.previous or page.next
            if cursor is None:
                break
        self.assertEqual(set(seen), set(expected))
        if all(turns):
            self.assertEqual(seen, expected)

    def check_first_replies(self, root: pages.Root, tree: Tree, number: int) -> None:
        below = [c for c in tree.below(tree.comments[int(root.id)]) if tree.stands(c)]
        replies = root.replies
        self.assertEqual([c.id for c in replies.results], [str(c.pk) for c in below[:number]])
        self.assertGreaterEqual(number, min(len(below), 2))  # the first one and its neighbour
        self.assertEqual((replies.previous, replies.earlier), (None, 0))
        self.assertEqual(replies.next is None, len(below) <= number)
        self.assertEqual(replies.later, sum(map(is_visible, below[number:])))
        self.assertEqual(root.reply_count, sum(map(is_visible, below)))


def sorted_roots(tree: Tree, sort: str) -> list[Comment]:
    """The roots that a page shows, in this sort."""
    roots = [c for c in tree.comments.values() if c.parent_id is None and tree.stands(c)]
    if sort == "top":
        replies = {root.pk: sum(map(is_visible, tree.below(root))) for root in roots}
        return sorted(roots, key=lambda root: (-root.reaction_count, -replies[root.pk], -root.pk))
    return roots[:: -1 if sort == "newest" else 1]


@pytest.mark.django_db
def test_the_number_is_read_before_the_rows() -> None:
    """A comment that is posted between the two is in the rows, in the history after `seq`, or in both."""
    alice = make_alice()
    article = make_article(alice)
    post(alice, article, "Before.")
    statements: list[str] = []

    def note(execute: object, sql: str, *rest: object) -> object:
        statements.append(sql)
        return execute(sql, *rest)  # type: ignore[operator]

    with connection.execute_wrapper(note):
        queries.snapshot(queries.get_thread(article))

    assert ["comments_thread" in sql.rpartition("FROM")[2].split()[0] for sql in statements] == [True, False]
