"""What changed since somebody was here, and the marks by which that is known."""

from __future__ import annotations

import json
from typing import Any

import hypothesis.strategies as st
import pytest
from django.test import Client, TestCase, override_settings
from hypothesis import given, settings
from hypothesis.extra.django import TestCase as PropertyTestCase

from comments.authors import Author
from comments.errors import CommentError
from comments.models import Comment, ReadMark, Thread
from comments.queries import Since, since
from comments.queries.since import SINCE_MOST
from comments.read_marks import mark_of, mark_read
from comments.services import (
    delete_comment,
    delete_thread_of,
    edit_comment,
    hide_comment,
    restore_comment,
    rotate_epoch,
    set_policy,
)
from tests.comments.cast import GWEN, json_of, make_alice, make_article, make_bob, post, thread_of

IDA = Author("g" + "7" * 32, "Ida", "guest")


class Away(TestCase):
    """Gwen wrote something, was away, and comes back."""

    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.hers = post(GWEN, self.article, "Mine.")
        self.old = post(self.bob, self.article, "Old.")
        self.left = thread_of(self.article).head_seq

    def since(self, after: int | None = None, who: Author | None = GWEN) -> Since:
        after = self.left if after is None else after
        return since(thread_of(self.article), after, who.key if who else None)

    def told(self, **more: Any) -> dict[str, int]:
        """The numbers that are not 0."""
        answer = self.since(**more)
        numbers = {what: getattr(answer, what) for what in ("new", "replies", "edited", "removed")}
        return {what: number for what, number in numbers.items() if number}

    def test_nothing_happened(self) -> None:
        self.assertEqual(self.told(), {})
        self.assertEqual(list(self.since().changes), [])

    def test_each_change_is_told_by_what_became_of_the_comment(self) -> None:
        other = post(self.bob, self.article)
        self.left = thread_of(self.article).head_seq
        reply = post(self.bob, self.article, "To you.", parent=str(self.hers.pk))
        news = post(self.bob, self.article, "News.")
        edit_comment(comment=news, content="News, corrected.")
        edit_comment(comment=self.old, content="Not so old.")
        delete_comment(comment=other)
        thread = thread_of(self.article)
        with self.assertNumQueries(2):
            answer = since(thread, self.left, GWEN.key)
        self.assertEqual(self.told(), {"new": 2, "replies": 1, "edited": 1, "removed": 1})
        told = [(change.id, change.kind, change.reply) for change in answer.changes]
        expected = [(other, "removed", False), (self.old, "edited", False), (news, "new", False)]
        self.assertEqual(told, [(str(c.pk), kind, r) for c, kind, r in [*expected, (reply, "new", True)]])
        self.assertEqual(answer.changes[-1].root, str(self.hers.pk))
        self.assertIsNone(answer.changes[0].root)

    def test_what_does_not_count(self) -> None:
        gone = post(self.bob, self.article)
        hide_comment(comment=gone)  # it came and went
        own = post(GWEN, self.article)
        edit_comment(comment=own, content="Mine, too.")
        hide_comment(comment=self.old)
        restore_comment(comment=self.old)
        set_policy(thread=thread_of(self.article), policy="closed")
        self.assertEqual(self.told(), {})

    def test_what_was_removed_or_edited_before_is_no_news_when_its_number_moves(self) -> None:
        removed, edited = post(self.bob, self.article, "Gone."), post(self.bob, self.article, "Once.")
        reply = post(self.bob, self.article, "Below it.", parent=str(removed.pk))
        for comment in (reply, removed):
            hide_comment(comment=comment)
        edit_comment(comment=edited, content="Twice.")
        self.left = thread_of(self.article).head_seq
        restore_comment(comment=reply)  # whose tombstone stands again
        hide_comment(comment=edited)
        restore_comment(comment=edited)
        self.assertEqual(self.told(), {})
        hide_comment(comment=edited)
        edit_comment(comment=edited, content="Thrice.")
        self.assertEqual(self.told(), {"removed": 1})
        restore_comment(comment=edited)
        self.assertEqual(self.told(), {"edited": 1})

    def test_nobody_in_particular_has_no_replies_and_no_own_comments(self) -> None:
        post(self.bob, self.article, parent=str(self.hers.pk))
        post(GWEN, self.article)
        self.assertEqual(self.told(who=None), {"new": 2})

    def test_who_was_never_here_is_told_nothing(self) -> None:
        answer = since(thread_of(self.article), None, None)
        self.assertEqual((answer.from_seq, answer.new, list(answer.changes)), (None, 0, []))

    def test_so_many_are_named_and_all_are_counted(self) -> None:
        thread = thread_of(self.article)
        fields = {"thread": thread, "author_key": "g1", "author_name": "Ida", "role": "guest", "html": ""}
        seqs = range(self.left + 1, self.left + SINCE_MOST + 11)
        Comment.objects.bulk_create(
            Comment(**fields, ref=f"{seq:032x}", content="x", seq=seq, first_seq=seq) for seq in seqs
        )
        Thread.objects.filter(pk=thread.pk).update(head_seq=seqs[-1])
        answer = self.since()
        self.assertEqual((answer.new, len(answer.changes)), (SINCE_MOST + 10, SINCE_MOST))
        self.assertEqual(answer.changes[0].id, str(Comment.objects.get(seq=seqs[-1]).pk))


class Marks(TestCase):
    def setUp(self) -> None:
        self.article = make_article(make_alice())
        for _ in range(5):
            post(IDA, self.article)
        self.thread = thread_of(self.article)

    def mark(self, seq: int, who: Author | None = GWEN, **more: Any) -> int:
        return mark_read(author=who, thread=thread_of(self.article), seq=seq, **more)

    def test_a_mark_moves_forward_alone_and_not_beyond_the_thread(self) -> None:
        self.assertIsNone(mark_of(GWEN, self.thread))
        for seq, mark in ((0, 0), (3, 3), (2, 3), (3, 3), (4, 4), (2**62, 5), (1, 5)):
            with self.subTest(seq=seq):
                self.assertEqual(self.mark(seq), mark)
        self.assertEqual(ReadMark.objects.count(), 1)

    def test_everybody_has_their_own(self) -> None:
        self.mark(2)
        self.assertEqual(self.mark(1, IDA), 1)
        self.assertEqual(mark_of(GWEN, self.thread), 2)

    def test_a_number_of_another_epoch_says_nothing(self) -> None:
        self.mark(4)
        before = self.thread.epoch
        rotate_epoch(thread=self.thread)
        self.assertEqual(self.mark(5, epoch=before), 0)
        self.assertIsNone(mark_of(GWEN, thread_of(self.article)))
        self.assertEqual(self.mark(2), 2)

    def test_nobody_has_none_and_a_number_below_zero_is_refused(self) -> None:
        for seq, who, refusal in ((1, None, (401, "login_required")), (-1, GWEN, (400, "bad_field"))):
            with self.assertRaises(CommentError) as raised:
                self.mark(seq, who)
            self.assertEqual((raised.exception.code, raised.exception.reason), refusal)

    @pytest.mark.usefixtures("stopped_clock")
    @override_settings(COMMENTS_RATE_LIMITS=True)
    def test_a_flood_is_slowed_down(self) -> None:
        with self.assertRaises(CommentError) as raised:
            for _ in range(50):
                self.mark(1, IDA)
        self.assertEqual((raised.exception.code, raised.exception.reason), (429, "rate_limited"))

    def test_a_mark_goes_with_its_thread(self) -> None:
        self.mark(1)
        delete_thread_of(target=self.article)
        self.assertFalse(ReadMark.objects.exists())


class OverHttp(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.first = post(self.bob, self.article)
        self.thread = thread_of(self.article)
        self.as_bob = Client()
        self.as_bob.force_login(self.bob)

    def ask(self, client: Client, **query: Any) -> dict[str, Any]:
        answer = client.get("/api/articles/plums/since/", query)
        self.assertEqual((answer.status_code, answer["Cache-Control"]), (200, "no-store"))
        return dict(json_of(answer))

    def read(self, client: Client, **body: Any) -> tuple[int, Any]:
        answer = client.post("/api/articles/plums/read/", json.dumps(body), content_type="application/json")
        return answer.status_code, json_of(answer)

    def test_the_mark_follows_the_person_to_another_device(self) -> None:
        self.assertIsNone(self.ask(self.as_bob)["from"])
        read = self.read(self.as_bob, epoch=self.thread.epoch, seq=1)
        self.assertEqual(read, (200, {"epoch": self.thread.epoch, "seq": 1}))
        reply = post(GWEN, self.article, parent=str(self.first.pk))
        phone = Client()
        phone.force_login(self.bob)
        # What the phone itself remembers is older, or another person's.
        answer = self.ask(phone, epoch=self.thread.epoch, seq=0)
        self.assertEqual((answer["from"], answer["new"], answer["replies"]), (1, 1, 1))
        named = {"id": str(reply.pk), "root": str(self.first.pk), "kind": "new", "reply": True}
        self.assertEqual(answer["changes"], [named])

    def test_who_has_no_name_keeps_the_mark_themselves(self) -> None:
        nobody = Client()
        self.assertIsNone(self.ask(nobody)["from"])
        self.assertEqual(self.ask(nobody, epoch=self.thread.epoch, seq=0)["new"], 1)
        self.assertIsNone(self.ask(nobody, epoch="another", seq=0)["from"])
        self.assertEqual(self.read(nobody, epoch=self.thread.epoch, seq=1)[0], 401)

    def test_junk_is_refused(self) -> None:
        for query in ({"seq": "-1"}, {"seq": "word"}, {"seq": str(2**64)}, {"epoch": "x" * 65}):
            with self.subTest(query=query):
                answer = self.as_bob.get("/api/articles/plums/since/", query)
                self.assertEqual((answer.status_code, json_of(answer)["reason"]), (400, "bad_field"))
        epoch = self.thread.epoch
        for body in ({"seq": 1}, {"epoch": epoch}, {"epoch": epoch, "seq": -1}, {"epoch": 5, "seq": [1]}):
            with self.subTest(body=body):
                status, answer = self.read(self.as_bob, **body)
                self.assertEqual((status, answer["reason"]), (400, "bad_field"))
        self.assertFalse(ReadMark.objects.exists())

    def test_another_site_can_not_move_a_mark(self) -> None:
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(self.bob)
        self.assertEqual(self.read(browser, epoch=self.thread.epoch, seq=1)[0], 403)


class AnyMarks(PropertyTestCase):
    @given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
    @settings(max_examples=25, deadline=None)
    def test_a_mark_is_the_largest_number_that_was_ever_told(self, seqs: list[int]) -> None:
        article = make_article(make_alice())
        thread = thread_of(article)
        Thread.objects.filter(pk=thread.pk).update(head_seq=7)
        for seq in seqs:
            mark_read(author=GWEN, thread=thread_of(article), seq=seq)
        self.assertEqual(mark_of(GWEN, thread), min(max(seqs), 7))
