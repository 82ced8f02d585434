"""The history: every public change after a number, for a page that missed some."""

from typing import Any

from django.test import TestCase

from blog.services import save_article
from comments import queries, wire
from comments.models import Comment, Thread
from comments.services import delete_comment, hide_comment, restore_comment, set_policy
from tests.comments.cast import GWEN, json_of, make_alice, make_article, make_bob, post, thread_of

ADDRESS = "/api/articles/plums/history/"


class History(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())

    def get(self, after: int, **query: Any) -> Any:
        answer = self.client.get(ADDRESS, {"after": after, **query})
        self.assertEqual(answer.status_code, 200)
        return answer.json()

    def changes(self, after: int, **query: Any) -> list[tuple[str, int, int]]:
        """Type, number and predecessor of each change."""
        page = self.get(after, **query)
        return [(c["type"], c["prev"], c["seq"]) for c in page["changes"]]

    def test_it_tells_what_came_after_a_number(self) -> None:
        for _ in range(3):
            post(self.bob, self.article)
        thread = thread_of(self.article)
        page = self.get(1)
        self.assertEqual(self.changes(1), [("message", 1, 2), ("message", 2, 3)])
        del page["changes"]
        self.assertEqual(
            page,
            {
                "epoch": thread.epoch,
                "from": 1,
                "seq": 3,
                "head": 3,
                "count": 3,
                "has_more": False,
                "reset": False,
                "reaction_seq": 0,
                "reactions": [],
                "subject": json_of(wire.encode(wire.as_subject(thread))),
            },
        )
        self.assertEqual(self.changes(3), [])

    def test_a_server_that_can_park_no_request_answers_at_once(self) -> None:
        self.assertEqual(self.get(0, wait=25)["changes"], [])
        for wait in ("26", "-1", "long"):
            answer = self.client.get(ADDRESS, {"after": 0, "wait": wait})
            self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"))

    def test_each_change_is_as_the_live_frame_would_be(self) -> None:
        comment = post(self.bob, self.article, "*Ripe.*")
        post(GWEN, self.article, parent=comment.pk)
        hide_comment(comment=post(self.bob, self.article))
        first, second, third = self.get(0)["changes"]
        self.assertEqual(
            (first["id"], first["html"], first["parent"]),
            (str(comment.pk), '<p dir="auto"><em>Ripe.</em></p>\n', None),
        )
        self.assertEqual((second["user"], second["parent"]), ("Gwen", str(comment.pk)))
        self.assertEqual((first["reply_count"], first["root_reply_count"]), (1, 1))
        self.assertEqual((second["root_reply_count"], second["parent_reply_count"]), (1, 1))
        counts = {"reply_count", "root_reply_count", "parent_reply_count"}
        self.assertEqual(set(third), {"type", "id", "parent", "root", "reason", "seq", "prev"} | counts)
        self.assertEqual((third["type"], third["reason"]), ("removed", "hidden"))

    def test_changes_are_compacted_to_the_last_of_each_comment(self) -> None:
        first, second = post(self.bob, self.article), post(self.bob, self.article)
        hide_comment(comment=first)
        restore_comment(comment=first)
        delete_comment(comment=second)
        hide_comment(comment=first)
        self.assertEqual(self.changes(0), [("removed", 0, 5), ("removed", 5, 6)])
        self.assertEqual(self.changes(5), [("removed", 5, 6)])

    def test_locking_and_unlocking_are_in_it_the_last_of_them_once(self) -> None:
        post(self.bob, self.article)
        set_policy(thread=thread_of(self.article), policy=Thread.Policy.CLOSED)
        self.assertEqual(self.changes(0), [("message", 0, 1), ("thread", 1, 2)])
        set_policy(thread=thread_of(self.article), policy=Thread.Policy.OPEN)
        post(self.bob, self.article)
        self.assertEqual(self.changes(0), [("message", 0, 1), ("thread", 1, 3), ("message", 3, 4)])
        self.assertEqual(self.changes(3), [("message", 3, 4)])
        self.assertEqual(self.changes(0, limit=2), [("message", 0, 1), ("thread", 1, 3)])

    def test_pages_lead_to_the_end_without_a_hole(self) -> None:
        comments = [post(self.bob, self.article) for _ in range(7)]
        set_policy(thread=thread_of(self.article), policy=Thread.Policy.CLOSED)
        hide_comment(comment=comments[2])
        for limit in (1, 2, 3, 8, 9):
            seqs, after = [], 0
            while True:
                page = self.get(after, limit=limit)
                self.assertEqual((page["from"], page["head"]), (after, 9))
                for change in page["changes"]:
                    self.assertEqual(change["prev"], after)
                    after = change["seq"]
                    seqs.append(after)
                self.assertEqual(page["seq"], after)
                if not page["has_more"]:
                    break
            self.assertEqual((seqs, after), ([1, 2, 4, 5, 6, 7, 8, 9], 9))

    def test_a_page_from_another_life_or_the_future_starts_again(self) -> None:
        post(self.bob, self.article)
        for after, epoch in ((1, "another"), (2, thread_of(self.article).epoch), (2**63 - 1, "")):
            page = self.get(after, epoch=epoch)
            self.assertEqual((page["reset"], page["changes"], page["has_more"]), (True, [], False))
            self.assertEqual((page["epoch"], page["seq"]), (thread_of(self.article).epoch, 1))
        self.assertFalse(self.get(1, epoch=thread_of(self.article).epoch)["reset"])

    def test_a_page_too_far_behind_starts_again(self) -> None:
        post(self.bob, self.article)
        Thread.objects.update(head_seq=queries.REPLAY_MOST + 1)
        self.assertTrue(self.get(0)["reset"])
        self.assertFalse(self.get(1)["reset"])

    def test_the_limit_is_200_by_default_and_500_at_most(self) -> None:
        thread = post(self.bob, self.article).thread
        Comment.objects.bulk_create(
            Comment(
                thread=thread,
                author_key=f"g{n}",
                author_name="x",
                role="guest",
                seq=n,
                html="",
                ref="11111111-2222-4333-8444-555555555555",
                content="x",
            )
            for n in range(2, 602)
        )
        Thread.objects.update(head_seq=601)
        self.assertEqual(len(self.changes(0)), 200)
        self.assertEqual(len(self.changes(0, limit=10**9)), 500)
        self.assertEqual(self.get(0, limit=10**9)["seq"], 500)

    def test_junk_is_refused(self) -> None:
        for query in (
            "",
            "after=",
            "after=-1",
            "after=word",
            "after=1.5",
            f"after={2**63}",
            "after=" + "9" * 5000,
            "after=1&limit=0",
            "after=1&limit=x",
            "after=1&epoch=" + "e" * 65,
            "after=NaN",
            "after=%00",
        ):
            with self.subTest(query=query[:20]):
                answer = self.client.get(f"{ADDRESS}?{query}")
                self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"))

    def test_a_draft_has_none(self) -> None:
        make_article(self.article.author, "draft", status="draft")
        answer = self.client.get("/api/articles/draft/history/?after=0")
        self.assertEqual((answer.status_code, answer.json()["reason"]), (404, "not_found"))

    def test_a_hundred_changes_are_three_queries_and_two_for_whoever_asks_the_same(self) -> None:
        for _ in range(100):
            post(self.bob, self.article)
        with self.assertNumQueries(3):  # the article, the thread, the comments
            first = self.client.get(ADDRESS, {"after": 0})
        with self.assertNumQueries(2):
            second = self.client.get(ADDRESS, {"after": 0})
        epoch = thread_of(self.article).epoch
        with self.assertNumQueries(2):
            with_epoch = self.client.get(f"{ADDRESS}?after=0&epoch={epoch}")
        self.assertEqual(len(first.json()["changes"]), 100)
        self.assertEqual(first.content, second.content)
        self.assertEqual(first.content, with_epoch.content)
        self.assertEqual(first["Cache-Control"], "no-store")

    def test_a_revision_of_the_article_is_in_the_next_answer(self) -> None:
        self.assertEqual(self.get(0)["subject"]["revision"], self.article.revision)
        revision = self.article.revision
        self.article.body = "Riper."
        save_article(article=self.article)
        self.assertGreater(self.article.revision, revision)
        self.assertEqual(self.get(0)["subject"]["revision"], self.article.revision)

    def test_a_new_change_is_in_the_next_answer(self) -> None:
        post(self.bob, self.article)
        self.get(0)
        post(self.bob, self.article)
        self.assertEqual(self.get(0)["seq"], 2)
