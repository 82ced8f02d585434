"""What people do with their own comments: edit them for a while, delete them, and take that back."""

from datetime import timedelta
from typing import Any

from django.test import TestCase, override_settings
from django.utils import timezone

from comments import queries, wire
from comments.authors import Author
from comments.editing import UNDO_GRACE, delete_own_comment, edit_own_comment, restore_own_comment
from comments.errors import CommentError
from comments.models import Comment, Thread
from comments.services import delete_comment, edit_comment, hide_comment, restore_comment, set_policy
from tests.comments.cast import GWEN, author, make_alice, make_article, make_bob, make_mona, post, thread_of

SECOND = timedelta(seconds=1)


class OwnComments(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob, self.mona = make_alice(), make_bob(), make_mona()
        self.article = make_article(self.alice)
        self.comment = post(self.bob, self.article, "Hello.")

    def do(self, service: Any, who: Any = "bob", comment: Comment | None = None, **fields: Any) -> Comment:
        by = author(self.bob) if who == "bob" else who
        named = {"comment_id": str((comment or self.comment).pk)} | fields
        done: Comment = service(author=by, thread=thread_of(self.article), **named)
        return done

    def edit(self, content: str = "Bye.", version: int = 1, **more: Any) -> Comment:
        return self.do(edit_own_comment, content=content, version=version, **more)

    def refused(self, *args: Any, **more: Any) -> tuple[int, str]:
        """The refusal, which changes nothing."""
        before = self.state(), list(Comment.objects.values())
        with self.assertRaises(CommentError) as raised, self.captureOnCommitCallbacks() as announcements:
            self.do(*args, **more)
        self.assertEqual((self.state(), list(Comment.objects.values())), before)
        self.assertEqual(announcements, [])
        return raised.exception.code, raised.exception.reason

    def edit_refused(self, **fields: Any) -> tuple[int, str]:
        return self.refused(edit_own_comment, **{"content": "Bye.", "version": 1} | fields)

    def state(self) -> tuple[str, str, int, int, int]:
        """The comment's status, text and version, and the thread's count and head."""
        self.comment.refresh_from_db()
        thread = thread_of(self.article)
        return self.comment.status, self.comment.content, self.comment.version, thread.count, thread.head_seq

    def told(self) -> tuple[int, str | None]:
        """The version that the history tells, and who edited it."""
        [change] = queries.history(self.comment.thread_id, 1).changes
        assert isinstance(change, wire.Message)
        return change.version, change.edited_by

    def age(self, field: str, by: timedelta) -> None:
        Comment.objects.filter(pk=self.comment.pk).update(**{field: timezone.now() - by})

    # Editing

    def test_an_edit_takes_the_next_number_and_says_whose_it_is(self) -> None:
        edited = self.edit(" Bye, *you*. ")
        self.assertEqual(self.state(), ("visible", "Bye, *you*.", 2, 1, 2))
        self.assertEqual(edited.edited_by, "author")
        self.assertEqual(self.told(), (2, "author"))
        edit_comment(comment=self.comment, content="Tamed.")
        self.assertEqual(self.told(), (3, "moderator"))

    def test_a_guest_edits_by_the_key_in_their_cookie(self) -> None:
        theirs = post(GWEN, self.article, "Mine.")
        self.assertEqual(self.edit("Ours.", who=GWEN, comment=theirs).content, "Ours.")
        namesake = Author("g" + "1" * 32, GWEN.name, "guest")
        self.assertEqual(self.edit_refused(who=namesake, comment=theirs), (403, "forbidden"))
        with override_settings(COMMENTS_GUESTS=False):
            self.assertEqual(self.edit_refused(who=GWEN, comment=theirs), (401, "login_required"))

    def test_nobody_else_edits_it_not_even_a_moderator(self) -> None:
        for who in (self.alice, self.mona):
            self.assertEqual(self.edit_refused(who=author(who)), (403, "forbidden"))
            self.assertEqual(self.refused(delete_own_comment, who=author(who)), (403, "forbidden"))
            self.assertEqual(self.refused(restore_own_comment, who=author(who)), (403, "forbidden"))
        self.assertEqual(self.edit_refused(who=None), (401, "login_required"))

    def test_it_is_edited_for_a_quarter_of_an_hour(self) -> None:
        self.age("created_at", timedelta(minutes=15) - 10 * SECOND)
        self.edit("In time.")
        self.age("created_at", timedelta(minutes=15))
        self.assertEqual(self.edit_refused(version=2), (403, "edit_window"))
        self.assertEqual(self.edit("In time.", version=1).version, 2, "a retry whose answer was lost")

    @override_settings(COMMENTS_EDIT_WINDOW=0)
    def test_a_project_may_allow_no_edits(self) -> None:
        self.assertEqual(self.edit_refused(), (403, "edit_window"))

    def test_an_edit_of_an_old_version_is_answered_with_the_present_one(self) -> None:
        edit_comment(comment=self.comment, content="Tamed.")
        with self.assertRaises(CommentError) as raised:
            self.edit("Wilder.", version=1)
        refusal = raised.exception
        self.assertEqual((refusal.code, refusal.reason), (409, "stale"))
        self.assertEqual((refusal.comment.content, refusal.comment.version), ("Tamed.", 2))
        self.assertEqual(self.edit("Wilder.", version=2).version, 3)

    def test_the_same_text_changes_nothing_whatever_its_version(self) -> None:
        before = self.state()
        for version in (1, 7):
            self.edit("Hello.\r\n", version=version)
            self.assertEqual(self.state(), before)
        self.assertEqual(self.comment.revisions.count(), 0)

    def test_the_rules_for_texts_hold(self) -> None:
        for content, refusal in (
            ("  ", (422, "blank")),
            ("x" * 5001, (413, "too_long")),
            ("\x00", (400, "bad_field")),
        ):
            self.assertEqual(self.edit_refused(content=content), refusal)

    def test_a_closed_thread_takes_no_edit_and_lets_people_delete(self) -> None:
        set_policy(thread=thread_of(self.article), policy=Thread.Policy.CLOSED)
        self.assertEqual(self.edit_refused(), (403, "closed"))
        self.do(delete_own_comment)
        self.do(restore_own_comment)
        self.assertEqual(self.state()[0], "visible")

    def test_what_is_not_there_for_readers_is_not_there_for_its_author(self) -> None:
        hide_comment(comment=self.comment)
        self.assertEqual(self.edit_refused(), (404, "not_found"))
        self.assertEqual(self.refused(delete_own_comment), (404, "not_found"))
        self.assertEqual(self.refused(restore_own_comment), (404, "not_found"))
        self.assertEqual(self.refused(delete_own_comment, who=author(self.alice)), (404, "not_found"))

    def test_an_id_of_junk_or_of_another_thread_is_not_there(self) -> None:
        elsewhere = post(self.bob, make_article(self.alice, "pears"))
        for pk in (str(elsewhere.pk), "0", "-1", "x", "", "\uff19", "9" * 19, "9" * 400):
            self.assertEqual(self.edit_refused(comment_id=pk), (404, "not_found"))
            for service in (delete_own_comment, restore_own_comment):
                self.assertEqual(self.refused(service, comment_id=pk), (404, "not_found"))

    # Deleting, and taking it back

    def test_a_deleted_comment_comes_back_as_it_was(self) -> None:
        reply = post(self.alice, self.article, "A reply.", parent=self.comment.pk)
        self.do(delete_own_comment)
        self.assertEqual(self.state(), ("deleted", "Hello.", 1, 1, 3))
        self.do(restore_own_comment)
        self.assertEqual(self.state(), ("visible", "Hello.", 1, 2, 4))
        self.assertEqual(self.comment.reply_count, 1)
        self.assertEqual((self.comment.removed_by, self.comment.removed_at), ("", None))
        self.assertEqual(reply.parent, self.comment)

    def test_each_is_done_once_however_often_it_is_asked_for(self) -> None:
        self.do(restore_own_comment)
        self.assertEqual(self.state()[-1], 1)
        for _ in range(2):
            self.do(delete_own_comment)
            self.assertEqual(self.state()[-1], 2)
        for _ in range(2):
            self.do(restore_own_comment)
            self.assertEqual(self.state()[-1], 3)

    def test_it_is_taken_back_within_ten_seconds_and_a_slow_line_more(self) -> None:
        self.do(delete_own_comment)
        self.age("removed_at", (10 + UNDO_GRACE) * SECOND)
        self.assertEqual(self.refused(restore_own_comment), (403, "undo_window"))
        self.age("removed_at", 9 * SECOND)
        self.do(restore_own_comment)
        self.assertEqual(self.state()[0], "visible")

    def test_what_a_moderator_removed_its_author_never_brings_back(self) -> None:
        for before, after in (
            ((), (hide_comment,)),
            ((), (delete_comment,)),
            ((delete_own_comment,), (hide_comment,)),
            ((delete_own_comment,), (delete_comment,)),
            ((delete_own_comment,), (hide_comment, delete_comment)),
        ):
            with self.subTest(before=before, after=after):
                restore_comment(comment=self.comment)
                for own in before:
                    self.do(own)
                for service in after:
                    service(comment=self.comment)
                self.assertEqual(self.refused(restore_own_comment), (404, "not_found"))

    def test_a_moderator_may_bring_back_what_its_author_deleted(self) -> None:
        self.do(delete_own_comment)
        restore_comment(comment=self.comment)
        self.assertEqual(self.state()[0], "visible")

    def test_haste_is_slowed_down_and_loses_nothing(self) -> None:
        with override_settings(COMMENTS_RATE_LIMITS=True):
            for number in range(20):
                self.edit(f"Take {number}.", version=number + 1)
            self.assertEqual(self.edit_refused(version=21), (429, "rate_limited"))
            self.do(delete_own_comment, who=GWEN, comment=post(GWEN, self.article))


class Revisions(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.comment = post(self.bob, self.article, "One.")

    def test_every_edit_keeps_the_text_that_it_replaced(self) -> None:
        edit_own_comment(
            author=author(self.bob),
            thread=thread_of(self.article),
            comment_id=str(self.comment.pk),
            content="Two.",
            version=1,
        )
        hide_comment(comment=self.comment)
        edit_comment(comment=self.comment, content="Three.")
        kept = self.comment.revisions.order_by("version").values_list("version", "content", "edited_by")
        self.assertEqual(list(kept), [(1, "One.", ""), (2, "Two.", "author")])
        first, second = self.comment.revisions.order_by("version")
        self.assertEqual(first.edited_at, self.comment.created_at)
        self.assertGreater(second.edited_at, first.edited_at)
