"""What a thread of the longest comments costs a reader: pages and histories end early, and lead on."""

from __future__ import annotations

import uuid
from typing import Any

from django.test import TestCase

from comments.models import Comment, Thread
from comments.queries.kept import MOST, answers
from comments.queries.texts import PAGE_BYTES
from comments.text import MAX_CONTENT
from tests.comments.cast import GWEN, make_alice, make_article, post, thread_of

API = "/api/articles/plums"
LONGEST = {"content": "🍑" * MAX_CONTENT, "html": "<em>🍑</em>" * 1900}  # 20 kB and 24.7 kB
SLACK = 3 * (20_000 + 25_000)  # the comment that a page is for, and its neighbours, whatever they have
LARGEST_KEPT = MOST // 10  # bytes of an answer of the history
FIELDS = 1000  # bytes of a comment besides its text


class LongComments(TestCase):
    def setUp(self) -> None:
        self.article = make_article(make_alice())
        self.root = post(GWEN, self.article)
        self.thread = self.root.thread

    def fill(self, number: int, *, below: Comment | None = None, **texts: str) -> list[int]:
        """Write so many comments of these texts; returns their ids."""
        first = Thread.objects.get(pk=self.thread.pk).head_seq + 1
        rows = Comment.objects.bulk_create(
            Comment(
                thread=self.thread,
                author_key=GWEN.key,
                author_name=GWEN.name,
                role="guest",
                ref=uuid.uuid4(),
                seq=first + n,
                root=below,
                parent=below,
                **{**LONGEST, **texts},
            )
            for n in range(number)
        )
        Thread.objects.filter(pk=self.thread.pk).update(head_seq=first + number - 1)
        if below is not None:
            Comment.objects.filter(pk=below.pk).update(conversation_count=number)
        return [row.pk for row in rows]

    def get(self, path: str, **query: Any) -> tuple[Any, int]:
        """The answer and its bytes."""
        answer = self.client.get(f"{API}/{path}", query)
        self.assertEqual(answer.status_code, 200)
        return answer.json(), len(answer.content)

    def test_a_page_of_conversations_ends_early_and_the_next_one_goes_on(self) -> None:
        self.fill(40)
        seen: list[str] = []
        query: dict[str, Any] = {"limit": 100}
        while query:
            page, size = self.get("comments/", **query)
            here = [root["id"] for root in page["results"]]
            self.assertLess(size, PAGE_BYTES + len(here) * FIELDS)
            self.assertTrue(here)
            seen += here
            query = page["next"] and {"limit": 100, "cursor": page["next"]}
        self.assertEqual(seen, [str(c.pk) for c in Comment.objects.order_by("-pk")])

    def test_a_page_around_a_comment_has_its_neighbours_on_both_sides(self) -> None:
        [below] = self.fill(1, content="Old.", html="<p>Old.</p>")
        roots = self.fill(40)
        replies = self.fill(60, below=Comment.objects.get(pk=roots[20]))
        for sought in (roots[20], replies[30]):
            page, size = self.get("comments/", around=sought, limit=100)
            here = [root["id"] for root in page["results"]]
            self.assertLess(size, PAGE_BYTES + 2 * SLACK + 100 * FIELDS)
            self.assertLessEqual({str(pk) for pk in roots[19:22]}, set(here))
            self.assertTrue(page["previous"] and page["next"])
        [part] = [root["replies"] for root in page["results"] if root["id"] == str(roots[20])]
        ids = [reply["id"] for reply in part["results"]]
        self.assertLessEqual({str(pk) for pk in replies[29:32]}, set(ids))
        self.assertEqual(ids[0], str(replies[part["earlier"]]))
        self.assertEqual(part["earlier"] + len(ids) + part["later"], 60)
        self.assertGreater(below, self.root.pk)

    def test_a_conversation_comes_in_parts_of_that_size(self) -> None:
        replies = self.fill(30, below=self.root)
        path = f"comments/{self.root.pk}/replies/"
        first, size = self.get(path, limit=200)
        self.assertLess(size, PAGE_BYTES + 30 * FIELDS)
        ids = [reply["id"] for reply in first["results"]]
        self.assertEqual((ids, first["later"]), ([str(pk) for pk in replies[: len(ids)]], 30 - len(ids)))
        second, _ = self.get(path, cursor=first["next"])
        self.assertEqual(second["results"][0]["id"], str(replies[len(ids)]))

    def test_the_history_says_that_there_is_more(self) -> None:
        self.fill(40)
        after, answers = 0, 0
        while True:
            answer, size = self.get("history/", after=after, limit=500)
            self.assertLess(size, LARGEST_KEPT)
            self.assertEqual(answer["changes"][0]["prev"], after)
            after, answers = answer["changes"][-1]["seq"], answers + 1
            self.assertEqual(answer["seq"], after)
            if not answer["has_more"]:
                break
        self.assertEqual(after, thread_of(self.article).head_seq)
        self.assertGreater(answers, 10)

    def test_every_answer_of_the_history_is_small_enough_to_be_kept(self) -> None:
        """A backslash is two bytes of JSON; those of a few hundred characters make the most of an answer."""
        self.fill(300, content="\\" * 320, html="\\" * 330)
        answers.clear()
        answer, size = self.get("history/", after=0)
        self.assertTrue(answer["has_more"])
        self.assertGreater(size, LARGEST_KEPT / 3)
        with self.assertNumQueries(2):  # the article and its thread
            self.get("history/", after=0)

    def test_the_page_of_the_article_is_no_larger(self) -> None:
        roots = self.fill(40)
        self.fill(60, below=Comment.objects.get(pk=roots[20]))
        for query in ({}, {"sort": "top"}, {"comment": roots[10]}, {"replies": roots[20]}):
            page = self.client.get("/articles/plums/", query)
            self.assertEqual(page.status_code, 200)
            self.assertLess(len(page.content), 2 * PAGE_BYTES + 2 * SLACK)

    def test_short_comments_cost_no_further_query_and_long_ones_one(self) -> None:
        self.fill(10, content="Short.", html="<p>Short.</p>")
        with self.assertNumQueries(3):  # the article, the thread, the roots, which have no replies
            self.get("comments/")
        self.fill(2)
        with self.assertNumQueries(4):
            self.get("comments/")
        with self.assertNumQueries(4):
            self.get("history/", after=0)

    def test_what_is_removed_has_no_size(self) -> None:
        pks = self.fill(60)
        Comment.objects.filter(pk__in=pks).update(status="hidden", conversation_count=1)
        page, _ = self.get("comments/", limit=100)
        self.assertEqual(len(page["results"]), 61)
