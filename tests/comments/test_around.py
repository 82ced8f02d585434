"""The page around a comment: its conversation among its neighbours, however old it is."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from django.test import TestCase
from hypothesis import given, settings
from hypothesis.extra.django import TestCase as HypothesisTestCase

from comments import queries
from comments.models import Comment
from comments.services import hide_comment
from tests.comments.cast import GWEN, make_alice, make_article, make_bob, post, thread_of
from tests.comments.few_bytes import FEW, few_bytes
from tests.comments.test_snapshot import SORTS, sorted_roots
from tests.comments.trees import STEPS, Step, Tree, grow, is_visible

ADDRESS = "/api/articles/plums/comments/"


class Around(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.roots = [post(self.bob, self.article, f"Root {n}.") for n in range(12)]
        self.replies = [post(GWEN, self.article, f"Reply {n}.", parent=self.roots[6].pk) for n in range(45)]

    def get(self, around: object, **query: Any) -> Any:
        return self.client.get(ADDRESS, {"around": around, "limit": 5, **query}).json()

    def roots_of(self, page: Any) -> list[int]:
        pks = [str(comment.pk) for comment in self.roots]
        return [pks.index(comment["id"]) for comment in page["results"]]

    def replies_of(self, page: Any) -> tuple[int, int]:
        """The first and last reply that come with the conversation that has some, as a range."""
        pks = [str(comment.pk) for comment in self.replies]
        [ids] = [[c["id"] for c in r["replies"]["results"]] for r in page["results"] if r["reply_count"]]
        self.assertEqual(ids, pks[pks.index(ids[0]) : pks.index(ids[-1]) + 1])
        return pks.index(ids[0]), pks.index(ids[-1]) + 1

    def test_an_old_conversation_stands_among_its_neighbours(self) -> None:
        page = self.get(self.roots[6].pk)
        self.assertEqual(self.roots_of(page), [8, 7, 6, 5, 4])
        self.assertEqual(page["around"], {"id": str(self.roots[6].pk), "state": "here"})
        self.assertEqual(self.replies_of(page), (0, 3))
        before = self.client.get(ADDRESS, {"cursor": page["previous"], "limit": 2}).json()
        behind = self.client.get(ADDRESS, {"cursor": page["next"], "limit": 2}).json()
        self.assertEqual((self.roots_of(before), self.roots_of(behind)), ([10, 9], [3, 2]))

    def test_the_page_begins_with_the_list_where_the_comment_is_near(self) -> None:
        page = self.get(self.roots[7].pk)
        self.assertEqual((self.roots_of(page), page["previous"]), ([11, 10, 9, 8, 7], None))

    def test_a_reply_stands_among_those_around_it(self) -> None:
        for number, expected in ((0, (0, 30)), (20, (0, 30)), (21, (11, 41)), (44, (34, 45))):
            with self.subTest(number=number):
                page = self.get(self.replies[number].pk)
                self.assertIn(6, self.roots_of(page))
                self.assertEqual(self.replies_of(page), expected)
                [replies] = [root["replies"] for root in page["results"] if root["reply_count"]]
                self.assertEqual((replies["earlier"], replies["later"]), (expected[0], 45 - expected[1]))
                self.assertEqual(replies["previous"] is None, expected[0] == 0)

    def test_a_removed_comment_is_said_to_be_that_where_it_was(self) -> None:
        for comment in (self.replies[30], self.roots[6], self.roots[1]):
            hide_comment(comment=comment)
        for comment, roots in (
            (self.replies[30], [8, 7, 6, 5, 4]),
            (self.roots[6], [8, 7, 6, 5, 4]),
            (self.roots[1], [3, 2, 0]),  # nothing of it stands
        ):
            with self.subTest(comment=comment):
                page = self.get(comment.pk)
                self.assertEqual(page["around"], {"id": str(comment.pk), "state": "removed"})
                self.assertEqual(self.roots_of(page), roots)
        replies = self.get(self.replies[30].pk)["results"][2]["replies"]
        neighbours = [str(comment.pk) for comment in (*self.replies[20:30], *self.replies[31:])]
        self.assertEqual([comment["id"] for comment in replies["results"]], neighbours)

    def test_what_the_thread_never_had_leads_to_the_first_page(self) -> None:
        elsewhere = post(self.bob, make_article(self.article.author, "pears"))
        for unknown in (elsewhere.pk, 10**6, 2**63, "9" * 30, "junk", "-1", "1.0", "٣"):
            with self.subTest(unknown=unknown):
                page = self.get(unknown)
                self.assertEqual(page["around"], {"id": str(unknown), "state": "unknown"})
                self.assertEqual(self.roots_of(page), [11, 10, 9, 8, 7])

    def test_it_is_at_most_nine_queries(self) -> None:
        # The article, the thread; the comment; the roots on both sides, the first replies of each;
        # the replies on both sides, and how many are before those.
        with self.assertNumQueries(9):
            self.get(self.replies[30].pk)
        with self.assertNumQueries(6):
            self.get(self.roots[6].pk)


class AroundAny(HypothesisTestCase):
    @settings(max_examples=40, deadline=None)
    @given(steps=STEPS, sort=st.sampled_from(SORTS), limit=st.integers(1, 5), most=FEW)
    def test_every_comment_has_a_page_of_its_own(
        self, steps: list[Step], sort: str, limit: int, most: int | None
    ) -> None:
        article = make_article(make_alice())
        grow(article, steps)
        thread, tree = thread_of(article), Tree()
        expected = [str(root.pk) for root in sorted_roots(tree, sort)]
        for comment in tree.comments.values():
            with few_bytes(most):
                page = queries.snapshot(thread, sort, None, limit, str(comment.pk))
            assert page.around is not None
            self.assertEqual(page.around.state, "here" if is_visible(comment) else "removed")
            here = [root.id for root in page.results]
            begin = expected.index(here[0]) if here else len(expected)
            self.assertEqual(here, expected[begin : begin + len(here)])
            self.assertEqual(page.previous is None, begin == 0 or not here)
            self.assertEqual(page.next is None, begin + len(here) == len(expected))
            if tree.stands(comment):
                self.assertIn(str(comment.pk), ids_of(page.results, tree.root_of(comment)))


def ids_of(roots: Any, root: Comment) -> list[str]:
    """The ids of a conversation on a page."""
    [found] = [each for each in roots if each.id == str(root.pk)]
    return [found.id, *(reply.id for reply in found.replies.results)]
