"""Moderating in the admin: every decision goes through the services, and only those who may make one."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client, TestCase

from comments.models import Comment, Thread
from comments.services import edit_comment, hide_comment, set_policy
from tests.comments.cast import PASSWORD, make_alice, make_article, make_bob, make_mona, post, thread_of

COMMENTS, THREADS = "/admin/comments/comment/", "/admin/comments/thread/"


class Moderating(TestCase):
    def setUp(self) -> None:
        self.bob, self.mona = make_bob(), make_mona()
        self.article = make_article(make_alice())
        self.comments = [post(self.bob, self.article, f"Number {n}.") for n in range(3)]
        self.client.force_login(self.mona)

    def act(self, action: str, rows: list[Any], where: str = COMMENTS, **more: str) -> Any:
        """Send the list's form with this action for these rows."""
        return self.client.post(where, {"action": action, "_selected_action": rows, **more})

    def change(self, comment: Comment, **changes: str) -> Any:
        """Send a comment's form as a browser does, with the values that it showed and the changed ones."""
        shown = {"status": comment.status, "content": comment.content}
        initial = {f"initial-{name}": value for name, value in shown.items()}
        return self.client.post(f"{COMMENTS}{comment.pk}/change/", {**shown, **initial, **changes})

    def ids(self) -> list[int]:
        return [comment.pk for comment in self.comments]

    def statuses(self) -> list[str]:
        return list(Comment.objects.order_by("pk").values_list("status", flat=True))

    def test_the_bulk_actions_go_through_the_services(self) -> None:
        head = thread_of(self.article).head_seq
        for action, status in (("hide", "hidden"), ("restore", "visible"), ("delete", "deleted")):
            with self.captureOnCommitCallbacks() as announcements:
                answer = self.act(action, self.ids()[:2])
            self.assertEqual(answer.status_code, 302)
            self.assertEqual(self.statuses(), [status, status, "visible"])
            self.assertEqual(len(announcements), 2)
            head += 2
            self.assertEqual(thread_of(self.article).head_seq, head)

    def test_one_action_takes_all_that_a_search_found(self) -> None:
        self.act("hide", self.ids()[:1], f"{COMMENTS}?q=Number", select_across="1")
        self.assertEqual(self.statuses(), ["hidden"] * 3)
        self.assertEqual(thread_of(self.article).count, 0)

    def test_the_form_of_one_comment_goes_through_the_services(self) -> None:
        with self.captureOnCommitCallbacks() as announcements:
            answer = self.change(self.comments[0], status="hidden")
        self.assertEqual(answer.status_code, 302)
        self.assertEqual((self.statuses()[0], thread_of(self.article).head_seq), ("hidden", 4))
        self.assertEqual(len(announcements), 1)

    def test_a_form_that_grew_old_does_not_undo_what_another_moderator_did(self) -> None:
        hide_comment(comment=self.comments[0])
        edit_comment(comment=self.comments[0], content="By another.")
        self.change(self.comments[0])
        self.assertEqual(self.statuses()[0], "hidden")
        self.assertEqual(Comment.objects.get(pk=self.ids()[0]).content, "By another.")

        thread = thread_of(self.article)
        set_policy(thread=thread, policy="closed")
        self.client.post(f"{THREADS}{thread.pk}/change/", {"policy": "open", "initial-policy": "open"})
        self.assertEqual(thread_of(self.article).policy, "closed")

    def test_an_article_goes_with_its_comments(self) -> None:
        self.client.force_login(User.objects.create_superuser("root"))
        self.client.post(f"/admin/blog/article/{self.article.pk}/delete/", {"post": "yes"})
        self.assertFalse(Comment.objects.exists())

    def test_the_form_changes_nothing_but_the_status_and_the_text(self) -> None:
        forged = {
            "author_name": "alice",
            "seq": "99",
            "thread": "7",
            "parent": "1",
            "html": "<b>",
            "version": "9",
        }
        with self.captureOnCommitCallbacks() as announcements:
            self.change(self.comments[0], **forged)
        comment = Comment.objects.get(pk=self.ids()[0])
        self.assertEqual((comment.author_name, comment.seq, comment.version), ("bob", 1, 1))
        self.assertEqual((comment.html, comment.parent), (self.comments[0].html, None))
        self.assertEqual(announcements, [])

    def test_a_text_is_edited_through_the_service(self) -> None:
        with self.captureOnCommitCallbacks() as announcements:
            answer = self.change(self.comments[0], content=" Number\r\n*nought*. ")
        self.assertEqual(answer.status_code, 302)
        comment = Comment.objects.get(pk=self.ids()[0])
        self.assertEqual((comment.content, comment.version, comment.seq), ("Number\n*nought*.", 2, 4))
        self.assertIn("<em>nought</em>", comment.html)
        self.assertEqual(len(announcements), 1)
        self.assertIn("Text", LogEntry.objects.get().change_message)
        page = self.client.get(f"{COMMENTS}{comment.pk}/change/")
        self.assertContains(page, "<p><b>1</b> (-): Number 0.</p>", html=True)

    def test_a_text_that_nobody_could_post_is_refused_in_the_form(self) -> None:
        for content, why in (
            ("\u200b", "Write something first."),
            ("x" * 5001, "at most 5,000"),
            ("", "required"),
        ):
            answer = self.change(self.comments[0], content=content)
            self.assertContains(answer, why)
        self.assertEqual(Comment.objects.get(pk=self.ids()[0]).version, 1)

    def test_no_reader_sees_the_old_text_of_a_comment_that_is_edited_and_hidden_or_restored(self) -> None:
        comment = self.comments[0]
        self.change(comment, status="hidden", content="Secret.")
        comment.refresh_from_db()
        self.assertEqual((comment.status, comment.version, comment.seq), ("hidden", 2, 4))
        self.change(comment, status="visible", content="Harmless.")
        comment.refresh_from_db()
        self.assertEqual((comment.content, comment.version, comment.seq), ("Harmless.", 3, 5))
        self.assertEqual(thread_of(self.article).head_seq, 5)

    def test_who_may_only_look_edits_nothing(self) -> None:
        self.mona.user_permissions.set(Permission.objects.filter(codename="view_comment"))
        self.assertEqual(self.change(self.comments[0], content="Mine.").status_code, 403)
        self.assertEqual(Comment.objects.get(pk=self.ids()[0]).content, "Number 0.")

    def test_a_status_that_is_none_is_refused(self) -> None:
        for status in ("", "spam", "removed"):
            answer = self.change(self.comments[0], status=status)
            self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.statuses()[0], "visible")

    def test_each_decision_is_written_down(self) -> None:
        self.act("hide", self.ids()[:2])
        self.change(self.comments[2], status="deleted")
        self.act("lock", [thread_of(self.article).pk], THREADS)
        entries = LogEntry.objects.order_by("pk")
        self.assertEqual([entry.user for entry in entries], [self.mona] * 4)
        self.assertEqual([entry.object_id for entry in entries][:3], [str(pk) for pk in self.ids()])
        self.assertIn("hidden", entries[0].change_message)
        self.assertIn("closed", entries[3].change_message)

    def test_a_thread_is_locked_and_unlocked_in_the_list_and_in_its_form(self) -> None:
        thread = thread_of(self.article)
        form = f"{THREADS}{thread.pk}/change/"
        for step, policy in (
            (lambda: self.act("lock", [thread.pk], THREADS), "closed"),
            (lambda: self.act("unlock", [thread.pk], THREADS), "open"),
            (lambda: self.client.post(form, {"policy": "closed", "count": 99, "changes": 99}), "closed"),
        ):
            head = thread_of(self.article).head_seq
            with self.captureOnCommitCallbacks() as announcements:
                step()
            now = thread_of(self.article)
            self.assertEqual(
                (now.policy, now.head_seq, now.count, len(announcements)), (policy, head + 1, 3, 1)
            )

    def test_a_selection_that_no_form_of_ours_sends_is_refused(self) -> None:
        for rows in (["junk"], ["1 OR 1=1"], ["-1"], ["9" * 30], ["1", ""], ["\x00"]):
            with self.subTest(rows=rows):
                self.assertEqual(self.act("delete", rows).status_code, 400)
                self.assertEqual(self.act("lock", rows, THREADS).status_code, 400)
        self.assertEqual(self.act("delete", [10**9]).status_code, 302)  # a row that is gone
        self.assertEqual(self.statuses(), ["visible"] * 3)

    def test_an_action_that_there_is_not_does_nothing(self) -> None:
        for action in ("delete_selected", "save_model", "hide_all", "", "__class__"):
            self.act(action, self.ids())
        self.assertEqual(self.statuses(), ["visible"] * 3)
        self.assertEqual(Comment.objects.count(), 3)

    def test_a_get_never_changes_anything(self) -> None:
        before = self.statuses(), thread_of(self.article).head_seq
        for address in (
            f"{COMMENTS}?action=hide&_selected_action={self.ids()[0]}",
            f"{COMMENTS}{self.ids()[0]}/change/?status=hidden",
            f"{THREADS}?action=lock&_selected_action={thread_of(self.article).pk}",
            f"{THREADS}{thread_of(self.article).pk}/change/?policy=closed",
        ):
            self.client.get(address, follow=True)
        self.assertEqual((self.statuses(), thread_of(self.article).head_seq), before)
        self.assertFalse(LogEntry.objects.exists())

    def test_nobody_adds_or_erases_rows_here(self) -> None:
        User.objects.filter(pk=self.mona.pk).update(is_superuser=True)
        for where, row in ((COMMENTS, self.ids()[0]), (THREADS, thread_of(self.article).pk)):
            self.assertEqual(self.client.post(f"{where}add/", {}).status_code, 403)
            self.assertEqual(self.client.post(f"{where}{row}/delete/", {"post": "yes"}).status_code, 403)
        self.act("delete_selected", self.ids(), post="yes")
        self.assertEqual(Comment.objects.count(), 3)

    def test_the_list_is_found_filtered_and_shown_in_few_queries(self) -> None:
        hide_comment(comment=self.comments[1])
        for query in ("", "?status__exact=hidden", "?q=Number+1", "?role__exact=member"):
            self.assertContains(self.client.get(COMMENTS + query), "Number 1.")
        self.assertNotContains(self.client.get(f"{COMMENTS}?status__exact=visible"), "Number 1.")
        for n in range(30):
            post(self.bob, make_article(self.article.author, f"more-{n}"), "More.")
        few = 20
        with self.assertNumQueries(FewerThan(few)):
            self.client.get(COMMENTS)
        with self.assertNumQueries(FewerThan(few)):
            self.client.get(THREADS)

    def test_a_text_is_shown_as_text(self) -> None:
        post(self.bob, self.article, "<script>alert(1)</script>\u202eevil")
        page = self.client.get(COMMENTS)
        self.assertNotContains(page, "<script>alert")
        self.assertNotContains(page, "\u202e")
        newest = Comment.objects.latest("pk")
        self.assertNotContains(self.client.get(f"{COMMENTS}{newest.pk}/change/"), "<script>alert")


class FewerThan(int):
    """For assertNumQueries: any number below this one."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and other < int(self)

    def __hash__(self) -> int:
        return int.__hash__(self)


class OthersThanModerators(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.comment = post(self.bob, self.article)

    def staff(self, *rights: str) -> Client:
        clerk = User.objects.create_user("clerk", is_staff=True)
        clerk.user_permissions.set(Permission.objects.filter(codename__in=rights))
        client = Client()
        client.force_login(clerk)
        return client

    def attempts(self, client: Client) -> list[int]:
        """The answers to every way of hiding the comment and locking the thread."""
        hide = {"action": "hide", "_selected_action": self.comment.pk}
        lock = {"action": "lock", "_selected_action": self.comment.thread_id}
        return [
            client.post(COMMENTS, hide).status_code,
            client.post(f"{COMMENTS}{self.comment.pk}/change/", {"status": "hidden"}).status_code,
            client.post(THREADS, lock).status_code,
            client.post(f"{THREADS}{self.comment.thread_id}/change/", {"policy": "closed"}).status_code,
        ]

    def check_nothing_happened(self) -> None:
        self.comment.refresh_from_db()
        thread = Thread.objects.get()
        self.assertEqual((self.comment.status, thread.policy, thread.head_seq), ("visible", "open", 1))

    def test_staff_without_the_permission_is_refused(self) -> None:
        self.assertEqual(self.attempts(self.staff("change_article")), [403] * 4)
        self.check_nothing_happened()

    def test_staff_who_may_only_look_changes_nothing(self) -> None:
        codes = self.attempts(self.staff("view_comment", "view_thread"))
        self.assertEqual((codes[1], codes[3]), (403, 403))
        self.check_nothing_happened()

    def test_members_and_anonymous_readers_are_sent_to_log_in(self) -> None:
        client = Client()
        self.assertEqual(self.attempts(client), [302] * 4)
        client.force_login(self.bob)
        self.assertEqual(self.attempts(client), [302] * 4)
        self.check_nothing_happened()

    def test_a_moderators_browser_that_another_site_uses_is_refused(self) -> None:
        make_mona()
        client = Client(enforce_csrf_checks=True)
        client.login(username="mona", password=PASSWORD)
        self.assertEqual(self.attempts(client), [403] * 4)
        self.check_nothing_happened()
