"""A conversation in parts: the comments below a root, oldest first, in both directions."""

from __future__ import annotations

import itertools
from typing import Any

import hypothesis.strategies as st
from django.db import connection
from django.test import TestCase
from hypothesis import given, settings
from hypothesis.extra.django import TestCase as HypothesisTestCase

from comments import queries
from comments.models import Comment
from comments.services import hide_comment
from tests.comments.cast import GWEN, make_alice, make_article, make_bob, post, thread_of
from tests.comments.few_bytes import FEW, few_bytes
from tests.comments.trees import STEPS, Step, Tree, grow, is_visible

ADDRESS = "/api/articles/plums/comments"


class Conversation(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.root = post(self.bob, self.article, "The root.")
        self.replies = [post(GWEN, self.article, f"Reply {n}.", parent=self.root.pk) for n in range(4)]
        self.replies.append(post(self.bob, self.article, "Deeper.", parent=self.replies[1].pk))
        post(self.bob, self.article, "Another root.")

    def get(self, pk: int | None = None, **query: Any) -> Any:
        return self.client.get(f"{ADDRESS}/{pk or self.root.pk}/replies/", query)

    def places(self, part: Any) -> list[int]:
        pks = [str(comment.pk) for comment in self.replies]
        return [pks.index(comment["id"]) for comment in part["results"]]

    def test_it_holds_all_replies_however_deep_and_says_where_the_thread_stands(self) -> None:
        for comment in (self.root, self.replies[4]):
            with self.subTest(comment=comment):
                part = self.get(comment.pk).json()
                self.assertEqual(self.places(part), [0, 1, 2, 3, 4])
                thread = thread_of(self.article)
                self.assertEqual((part["epoch"], part["seq"]), (thread.epoch, thread.head_seq))
                self.assertEqual((part["root"], part["reply_count"]), (str(self.root.pk), 5))
                self.assertEqual((part["previous"], part["next"]), (None, None))

    def test_each_part_says_what_is_before_and_behind_it(self) -> None:
        hide_comment(comment=self.replies[0])
        hide_comment(comment=self.replies[1])  # it is answered, so it stands
        first = self.get(limit=2).json()
        second = self.get(limit=2, cursor=first["next"]).json()
        back = self.get(limit=1, cursor=second["previous"]).json()

        self.assertEqual((self.places(first), first["earlier"], first["later"]), ([1, 2], 0, 2))
        self.assertEqual((self.places(second), second["earlier"], second["later"]), ([3, 4], 1, 0))
        self.assertEqual((self.places(back), back["earlier"], back["later"]), ([2], 0, 2))
        self.assertEqual(first["results"][0]["status"], "removed")
        self.assertIsNotNone(back["previous"])
        self.assertIsNone(second["next"])

    def test_what_came_meanwhile_stands_behind_the_last_part(self) -> None:
        whole = self.get(limit=5).json()
        part = self.get(limit=4).json()
        self.replies.append(post(GWEN, self.article, "Late.", parent=self.root.pk))

        self.assertEqual(self.places(self.get(cursor=part["next"]).json()), [4, 5])
        self.assertIsNone(whole["next"])

    def test_a_conversation_of_which_nothing_is_public_is_not_there(self) -> None:
        alone = post(self.bob, self.article)
        hide_comment(comment=alone)
        elsewhere = post(self.bob, make_article(self.article.author, "pears"))
        for pk in (alone.pk, elsewhere.pk, elsewhere.pk + 1000, 2**63 - 1, 2**63, "9" * 30, "junk"):
            for address in (f"{ADDRESS}/{pk}/replies/", f"{ADDRESS}/{pk}/"):
                with self.subTest(address=address):
                    answer = self.client.get(address)
                    self.assertEqual((answer.status_code, answer.json()["reason"]), (404, "not_found"))

    def test_junk_is_refused(self) -> None:
        newest = queries.snapshot(thread_of(self.article), limit=1).next
        for query in ({"cursor": "x"}, {"cursor": newest}, {"limit": 0}, {"limit": "many"}):
            with self.subTest(query=query):
                answer = self.get(**query)
                self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"))

    def test_one_comment_is_there_while_it_is_visible(self) -> None:
        address = f"{ADDRESS}/{self.root.pk}/"
        found = self.client.get(address).json()
        self.assertEqual((found["content"], found["reply_count"], found["root"]), ("The root.", 5, None))
        hide_comment(comment=self.root)
        self.assertEqual(self.client.get(address).status_code, 404)

    def test_a_part_is_four_queries_and_six_in_the_middle(self) -> None:
        first = self.get(limit=2).json()
        with self.assertNumQueries(4):  # the article, the thread, the comment with its root, the replies
            self.get(limit=2)
        with self.assertNumQueries(6):  # and what is before: whether anything stands, how many are visible
            self.get(limit=1, cursor=first["next"])

    def test_it_is_found_by_its_index_however_long_the_thread_is(self) -> None:
        if connection.vendor != "sqlite":
            self.skipTest("PostgreSQL looks through so short a table without its indexes")
        plan = Comment.objects.filter(root=self.root, pk__gt=3).standing().order_by("pk")[:50].explain()
        self.assertIn("comment_conversation (root_id=? AND id>?)", plan)
        self.assertNotIn("TEMP B-TREE", plan)


class AnyConversation(HypothesisTestCase):
    @settings(max_examples=40, deadline=None)
    @given(steps=STEPS, limit=st.integers(1, 4), turns=st.lists(st.booleans(), max_size=8), most=FEW)
    def test_its_parts_are_all_of_it_once_in_both_directions(
        self, steps: list[Step], limit: int, turns: list[bool], most: int | None
    ) -> None:
        article = make_article(make_alice())
        grow(article, steps)
        thread, tree = thread_of(article), Tree()
        roots = [c for c in tree.comments.values() if c.parent_id is None and tree.stands(c)]
        for root in roots:
            below = [c for c in tree.below(root) if tree.stands(c)]
            ids = [str(c.pk) for c in below]
            cursor, seen = None, []
            # Some steps to and fro, and then on to the end.
            for forwards in itertools.chain([True], turns, itertools.repeat(True)):
                with few_bytes(most):
                    part = queries.replies(thread, root.pk, cursor, limit)
                here = [comment.id for comment in part.results]
                begin = ids.index(here[0]) if here else 0
                end = begin + len(here)
                self.assertEqual(here, ids[begin:end])
                self.assertEqual((part.previous is None, part.next is None), (begin == 0, end == len(ids)))
                self.assertEqual(part.earlier, sum(map(is_visible, below[:begin])))
                self.assertEqual(part.later, sum(map(is_visible, below[end:])))
                seen += here
                cursor = part.next if forwards else part.previous or part.next
                if cursor is None:
                    break
            self.assertEqual(set(seen), set(ids))
            if not any(not turn for turn in turns):
                self.assertEqual(seen, ids)
