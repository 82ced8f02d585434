"""The effects of hiding, restoring, deleting and locking on the thread."""

from django.test import TestCase

from comments import queries
from comments.models import Comment, Thread
from comments.services import delete_comment, hide_comment, restore_comment, set_policy
from tests.comments.cast import make_alice, make_article, make_bob, post, thread_of


class Moderation(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.comment = post(self.bob, self.article)

    def state(self) -> tuple[str, int, int, int]:
        """The comment's status and number, the thread's head and count."""
        self.comment.refresh_from_db()
        thread = thread_of(self.article)
        return self.comment.status, self.comment.seq, thread.head_seq, thread.count

    def test_each_public_change_takes_the_next_number(self) -> None:
        self.assertEqual(self.state(), ("visible", 1, 1, 1))
        hide_comment(comment=self.comment)
        self.assertEqual(self.state(), ("hidden", 2, 2, 0))
        restore_comment(comment=self.comment)
        self.assertEqual(self.state(), ("visible", 3, 3, 1))
        delete_comment(comment=self.comment)
        self.assertEqual(self.state(), ("deleted", 4, 4, 0))
        restore_comment(comment=self.comment)
        self.assertEqual(self.state(), ("visible", 5, 5, 1))

    def test_a_tombstone_returns_with_the_first_reply_that_is_restored(self) -> None:
        answers = [post(self.bob, self.article, parent=self.comment.pk) for _ in range(2)]
        for comment in (*answers, self.comment):
            hide_comment(comment=comment)
        self.assertEqual(self.state(), ("hidden", 6, 6, 0))
        with self.captureOnCommitCallbacks() as announcements:
            restore_comment(comment=answers[0])
        self.assertEqual(self.state(), ("hidden", 7, 8, 1))
        self.assertEqual(len(announcements), 2)
        restore_comment(comment=answers[1])
        self.assertEqual(self.state(), ("hidden", 7, 9, 2))

    def test_deleting_a_hidden_comment_takes_no_number(self) -> None:
        hide_comment(comment=self.comment)
        delete_comment(comment=self.comment)
        self.assertEqual(self.state(), ("deleted", 2, 2, 0))
        hide_comment(comment=self.comment)
        self.assertEqual(self.state(), ("hidden", 2, 2, 0))

    def test_a_repeat_changes_nothing(self) -> None:
        for service, after in (
            (restore_comment, ("visible", 1, 1, 1)),
            (hide_comment, ("hidden", 2, 2, 0)),
            (hide_comment, ("hidden", 2, 2, 0)),
        ):
            service(comment=self.comment)
            self.assertEqual(self.state(), after)

    def test_a_stale_copy_decides_nothing(self) -> None:
        stale = Comment.objects.get(pk=self.comment.pk)
        hide_comment(comment=self.comment)
        hide_comment(comment=stale)
        self.assertEqual(self.state(), ("hidden", 2, 2, 0))

    def test_the_text_stays_as_evidence(self) -> None:
        delete_comment(comment=self.comment)
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.content, "Hello.")

    def test_a_reply_counts_while_it_is_visible(self) -> None:
        reply = post(self.bob, self.article, parent=self.comment.pk)
        for service, count in (
            (hide_comment, 0),
            (delete_comment, 0),
            (restore_comment, 1),
            (delete_comment, 0),
        ):
            service(comment=reply)
            self.comment.refresh_from_db()
            self.assertEqual(self.comment.reply_count, count)

    def test_a_reply_is_restored_below_a_parent_that_is_gone(self) -> None:
        reply = post(self.bob, self.article, parent=self.comment.pk)
        hide_comment(comment=reply)
        hide_comment(comment=self.comment)
        restore_comment(comment=reply)
        [root] = queries.snapshot(thread_of(self.article), "oldest").results
        self.assertEqual((root.id, root.status), (str(self.comment.pk), "removed"))
        self.assertEqual([(c.id, c.status) for c in root.replies.results], [(str(reply.pk), "visible")])

    def test_locking_takes_a_number_once(self) -> None:
        thread = thread_of(self.article)
        for policy, seq in (("closed", 2), ("closed", 2), ("open", 3), ("open", 3)):
            set_policy(thread=thread, policy=policy)
            now = thread_of(self.article)
            self.assertEqual((now.policy, now.policy_seq, now.head_seq), (policy, seq, seq))

    def test_moderation_goes_on_in_a_closed_thread(self) -> None:
        set_policy(thread=thread_of(self.article), policy=Thread.Policy.CLOSED)
        hide_comment(comment=self.comment)
        self.assertEqual(self.state(), ("hidden", 3, 3, 0))

    def test_each_decision_is_six_queries_and_one_more_for_a_reply(self) -> None:
        reply = post(self.bob, self.article, parent=self.comment.pk)
        # The transaction's begin and end, the thread's lock, the comment, its status, the thread's head.
        with self.assertNumQueries(6):
            hide_comment(comment=self.comment)
        with self.assertNumQueries(7):
            hide_comment(comment=reply)
        with self.assertNumQueries(4):
            hide_comment(comment=reply)
