"""`manage.py render_comments` gives old comments the HTML that the present rules make of their texts."""

from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import TestCase

from comments import renewal
from comments.models import Comment
from comments.rendering import render_comment
from comments.services import edit_comment
from tests.comments.cast import make_alice, make_article, make_bob, post, thread_of

OLD = "<p>As it was</p>\n"


def render(*addresses: str) -> str:
    out = StringIO()
    call_command("render_comments", *addresses, stdout=out)
    return out.getvalue()


class Renewal(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = make_alice(), make_bob()
        self.plums = make_article(self.alice)
        self.comments = [post(self.bob, self.plums, f"> Ripe {n}\nYes.") for n in range(5)]
        Comment.objects.update(html=OLD)

    def html(self) -> list[str]:
        return list(Comment.objects.order_by("pk").values_list("html", flat=True))

    def test_every_comment_is_rendered_anew_in_as_few_steps_as_memory_allows(self) -> None:
        with mock.patch.object(renewal, "CHUNK", 2):
            self.assertIn("5 comments", render())
        self.assertEqual(self.html(), [render_comment(comment.content) for comment in self.comments])
        self.assertIn("0 comments", render())

    def test_it_is_no_public_change(self) -> None:
        before = thread_of(self.plums).head_seq, [(c.seq, c.version, c.edited_at) for c in self.comments]
        render()
        after = Comment.objects.order_by("pk")
        self.assertEqual(
            before, (thread_of(self.plums).head_seq, [(c.seq, c.version, c.edited_at) for c in after])
        )

    def test_a_comment_that_is_edited_meanwhile_keeps_its_edit(self) -> None:
        def rendered_while_it_is_edited(content: str) -> str:
            edit_comment(comment=self.comments[0], content="No.")
            return render_comment(content)

        with mock.patch.object(renewal, "render_comment", rendered_while_it_is_edited):
            render()
        self.assertEqual(self.html()[0], render_comment("No."))

    def test_only_the_threads_that_are_named_are_rendered(self) -> None:
        post(self.bob, make_article(self.alice, "pears"), "Ripe.")
        Comment.objects.update(html=OLD)
        self.assertIn("1 comments", render("article/pears"))
        self.assertEqual(self.html()[:5], [OLD] * 5)
        with self.assertRaises(CommandError):
            render("article/nothing-of-the-kind")
