"""The snapshot: a page of a thread as it is now, in three orders, with a cursor for the next page."""

import base64

import pytest
from django.db import connection
from django.test import TestCase

from comments import queries
from comments.errors import CommentError
from comments.services import hide_comment
from tests.comments.cast import GWEN, make_alice, make_article, make_bob, post, thread_of

ADDRESS = "/api/articles/plums/comments/"


class Snapshot(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.comments = [post(self.bob, self.article, f"Number {n}.") for n in range(10)]
        # Replies: three below number 4, one below number 2 and one below number 7.
        self.replies = [post(GWEN, self.article, "Yes.", parent=self.comments[n].pk) for n in (4, 2, 4, 7, 4)]

    def walk(self, sort: str, limit: int) -> list[str]:
        """The ids of all pages, one behind the other."""
        ids: list[str] = []
        cursor = None
        while True:
            page = queries.snapshot(queries.get_thread(self.article), sort, cursor, limit)
            assert len(page.results) <= limit
            ids += [comment.id for comment in page.results]
            cursor = page.next
            if cursor is None:
                return ids

    def test_the_pages_of_each_order_hold_every_comment_once(self) -> None:
        oldest = [str(comment.pk) for comment in (*self.comments, *self.replies)]
        four, two, seven = (self.comments[n] for n in (4, 2, 7))
        first = [str(comment.pk) for comment in (four, seven, two)]
        top = first + [pk for pk in oldest[::-1] if pk not in first]
        for sort, expected in (("oldest", oldest), ("newest", oldest[::-1]), ("top", top)):
            for limit in (1, 2, 4, 15, 16):
                with self.subTest(sort=sort, limit=limit):
                    self.assertEqual(self.walk(sort, limit), expected)

    def test_the_newest_come_first_unless_asked_otherwise(self) -> None:
        results = self.client.get(ADDRESS, {"limit": 2}).json()["results"]
        self.assertEqual([comment["id"] for comment in results], [str(c.pk) for c in self.replies[:-3:-1]])

    def test_it_says_where_the_thread_stands(self) -> None:
        hide_comment(comment=self.comments[0])
        page = self.client.get(ADDRESS).json()
        thread = thread_of(self.article)
        self.assertEqual(
            {name: page[name] for name in ("epoch", "seq", "count", "policy", "next")},
            {"epoch": thread.epoch, "seq": 16, "count": 14, "policy": "open", "next": None},
        )

    def test_a_comment_on_the_wire(self) -> None:
        reply = self.client.get(ADDRESS, {"limit": 1}).json()["results"][0]
        timestamp = self.replies[-1].created_at.isoformat().replace("+00:00", "Z")
        self.assertEqual(
            reply,
            {
                "id": str(self.replies[-1].pk),
                "user": "Gwen",
                "user_id": GWEN.key,
                "role": "guest",
                "content": "Yes.",
                "html": '<p dir="auto">Yes.</p>\n',
                "timestamp": timestamp,
                "edited_at": None,
                "edited_by": None,
                "parent": str(self.comments[4].pk),
                "root": str(self.comments[4].pk),
                "reply_count": 0,
                "status": "visible",
                "version": 1,
                "reactions": {},
                "reaction_seq": 0,
            },
        )

    def test_a_cursor_of_junk_is_refused(self) -> None:
        mine = str(queries.snapshot(queries.get_thread(self.article), "newest", None, 1).next)
        made_up = [
            base64.urlsafe_b64encode(text).decode().rstrip("=")
            for text in (
                b"newest:1",
                b"newest:a:b",
                b"newest:-1:1",
                b"newest:1:9999999999999999999999",
                b"\xff\xfe",
            )
        ]
        for sort, cursor in [("newest", junk) for junk in ("x", "%%%", "é", "a" * 201, *made_up)] + [
            ("top", mine)
        ]:
            with self.subTest(sort=sort, cursor=cursor):
                answer = self.client.get(ADDRESS, {"sort": sort, "cursor": cursor})
                self.assertEqual(answer.status_code, 400)
                self.assertEqual(answer.json()["reason"], "bad_field")

    def test_other_junk_is_refused(self) -> None:
        for query in ("sort=best", "limit=0", "limit=-1", "limit=many", "limit=1.5"):
            with self.subTest(query=query):
                answer = self.client.get(f"{ADDRESS}?{query}")
                self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"))
        with self.assertRaises(CommentError):
            queries.snapshot(queries.get_thread(self.article), "best")

    def test_the_limit_is_capped(self) -> None:
        template = self.comments[0]
        type(template).objects.bulk_create(
            type(template)(
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
        page = self.client.get(ADDRESS, {"limit": 10**9}).json()
        self.assertEqual(len(page["results"]), queries.SNAPSHOT_MOST)
        self.assertIsNotNone(page["next"])

    def test_a_page_is_three_queries(self) -> None:
        for query in ("", "?sort=oldest&limit=2", "?sort=top"):
            with self.assertNumQueries(3):  # the article, the thread, the comments
                self.client.get(ADDRESS + query)

    def test_a_draft_has_none(self) -> None:
        make_article(self.article.author, "draft", status="draft")
        for slug in ("draft", "nothing-here"):
            answer = self.client.get(f"/api/articles/{slug}/comments/")
            self.assertEqual((answer.status_code, answer.json()["reason"]), (404, "not_found"))


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

    assert ["comments_thread" in sql.partition("FROM")[2].split()[0] for sql in statements] == [True, False]
