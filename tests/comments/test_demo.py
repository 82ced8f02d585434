"""The demo: twelve articles, people who can log in, and conversations, the same however often it is made."""

from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase, override_settings

from blog.models import Article
from comments.models import Comment, Thread
from comments.queries import get_thread, numbers_of, snapshot
from config.demo_accounts import accounts_with_known_passwords
from config.demo_threads import THREADS


def demo(*options: str) -> str:
    """Run the command in the tests' database, as if it were the development's."""
    printed = StringIO()
    with patch("config.management.commands.demo.DEVELOPMENT_DATABASE", connection.settings_dict["NAME"]):
        call_command("demo", *options, stdout=printed)
    return printed.getvalue()


def depth(comment: Comment) -> int:
    """How many comments stand above this one, and it itself."""
    return 1 + (depth(comment.parent) if comment.parent else 0)


def rows() -> list[Any]:
    """Everything that the demo makes, but for the random epochs of the threads."""
    return [
        list(model.objects.order_by("pk").values(*fields))
        for model, fields in (
            (Article, ("pk", "slug", "published_at", "updated_at")),
            (Comment, ("pk", "content", "author_id", "parent_id", "created_at", "seq", "status")),
            (Thread, ("pk", "epoch", "head_seq", "count")),
            (User, ("pk", "username", "password", "is_staff", "is_superuser")),
        )
    ]


@override_settings(DEBUG=True)
class Demo(TestCase):
    printed: str

    @classmethod
    def setUpTestData(cls) -> None:
        with override_settings(DEBUG=True):
            cls.printed = demo()

    def test_there_are_twelve_articles_and_the_newest_is_the_one_to_open(self) -> None:
        published = Article.objects.published().order_by("-published_at")
        self.assertEqual((published.count(), published[0].slug), (12, "hello-live-comments"))

    def test_there_are_conversations_with_replies_after_their_articles(self) -> None:
        numbers = numbers_of(list(Article.objects.filter(slug__in=THREADS)))
        self.assertEqual(len(numbers), len(THREADS))
        self.assertGreater(min(each.comments for each in numbers.values()), 0)
        self.assertTrue(Comment.objects.filter(parent__isnull=False).exists())
        for comment in Comment.objects.select_related("thread", "parent"):
            target = comment.thread.target
            assert isinstance(target, Article)
            published = target.published_at
            assert published is not None
            self.assertGreater(comment.created_at, published)
            if comment.parent is not None:
                self.assertGreater(comment.created_at, comment.parent.created_at)

    def test_one_has_a_second_page_and_a_conversation_that_goes_on(self) -> None:
        page = snapshot(get_thread(Article.objects.get(slug="soup-is-a-method")), "oldest")
        self.assertIsNotNone(page.next)
        later, depths = [root.replies.later for root in page.results], set(map(depth, Comment.objects.all()))
        self.assertGreater(max(later), 5)
        self.assertGreater(max(depths), 3)

    def test_everybody_can_log_in(self) -> None:
        for name, password in {
            "admin": "admin",
            "moderator": "demo-password",
            "reader1": "demo-password",
            "reader50": "demo-password",
        }.items():
            self.assertTrue(self.client.login(username=name, password=password), name)
        self.assertEqual(User.objects.filter(username__startswith="reader").count(), 50)
        self.assertIn("admin / admin", self.printed)

    def test_the_moderator_moderates_and_does_nothing_else(self) -> None:
        moderator = User.objects.get(username="moderator")
        self.assertTrue(moderator.has_perms(["comments.change_comment", "comments.change_thread"]))
        self.assertFalse(moderator.has_perm("blog.change_article"))
        self.assertFalse(moderator.has_perm("comments.delete_comment"))

    def test_made_again_it_is_the_same(self) -> None:
        before = rows()
        demo()
        self.assertEqual(rows(), before)

    def test_made_again_it_leaves_what_people_did(self) -> None:
        mine = User.objects.get(username="reader1")
        mine.set_password("another")
        mine.save()
        hidden = Comment.objects.order_by("pk")[0]
        Comment.objects.filter(pk=hidden.pk).update(status="hidden")
        before = rows()
        demo()
        self.assertEqual(rows(), before)

    def test_asked_for_an_empty_site_only_it_leaves_another_alone(self) -> None:
        Article.objects.exclude(slug="slow-mail").delete()
        before = rows()
        self.assertEqual(demo("--if-empty"), "")
        self.assertEqual(rows(), before)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "options", [(), ("--if-empty",), ("--password", "demo-password"), ("--password", "short")]
)
def test_a_real_site_gets_no_account_whose_password_everybody_knows(options: tuple[str, ...]) -> None:
    with override_settings(DEBUG=False), pytest.raises(CommandError):
        demo(*options)
    with override_settings(DEBUG=True), pytest.raises(CommandError):
        call_command("demo", *options)  # debugging, but not in the development's database
    assert not User.objects.exists()


@pytest.mark.django_db
def test_with_a_password_of_ones_own_it_may_be_made_anywhere() -> None:
    call_command("demo", "--password", "plum-stones-and-pears", stdout=StringIO())

    assert Article.objects.count() == 12
    assert all(user.check_password("plum-stones-and-pears") for user in User.objects.all()[:3])
    assert accounts_with_known_passwords() == []
