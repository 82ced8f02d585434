"""An article that its readers have is revised: the page says when, and open pages are told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

from django.contrib.auth.models import User
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from blog.models import Article
from blog.services import save_article
from comments.announcements import SubjectRevised
from comments.publisher import group_of
from comments.queries import get_thread

NEVER = datetime.min.replace(tzinfo=UTC)


class RevisingTest(TestCase):
    def setUp(self) -> None:
        self.alice = User.objects.create_user("alice", is_staff=True, is_superuser=True)
        self.article = Article.objects.create(
            title="On Margins", slug="on-margins", body="Text.", author=self.alice, status="published"
        )
        get_thread(self.article)  # somebody has opened the page

    def save(self, **changes: Any) -> list[SubjectRevised]:
        """Have an editor save the article with these changes; returns what was announced."""
        edited = Article.objects.get(pk=self.article.pk)
        for name, value in changes.items():
            setattr(edited, name, value)
        with self.captureOnCommitCallbacks() as callbacks:
            save_article(article=edited)
        self.article.refresh_from_db()
        handed_over = [cast("partial[None]", callback).args for callback in callbacks]
        assert all(group == group_of(get_thread(self.article).pk) for group, _ in handed_over)
        return [announcement for _, announcement in handed_over]

    def test_another_text_is_a_revision_with_a_date_and_open_pages_are_told(self) -> None:
        (told,) = self.save(body="Another text.")
        self.assertEqual((told.subject.revision, told.subject.url), (2, "/articles/on-margins/"))
        self.assertLess(timezone.now() - (self.article.revised_at or NEVER), timedelta(minutes=1))
        self.assertContains(self.client.get("/articles/on-margins/"), "Revised <time")
        (told,) = self.save(title="On wide margins")
        self.assertEqual((told.subject.revision, told.subject.title), (3, "On wide margins"))

    def test_another_address_is_told_but_is_no_other_text(self) -> None:
        (told,) = self.save(slug="wide-margins")
        self.assertEqual((told.subject.key, told.subject.url), ("wide-margins", "/articles/wide-margins/"))
        self.assertIsNone(self.article.revised_at)

    def test_what_readers_do_not_see_is_no_revision(self) -> None:
        self.assertEqual(self.save(published_at=timezone.now() - timedelta(days=1)), [])
        self.assertEqual((self.article.revision, self.article.revised_at), (1, None))
        self.assertNotContains(self.client.get("/articles/on-margins/"), "Revised <time")

    def test_a_draft_is_revised_in_silence(self) -> None:
        self.assertEqual(self.save(status="draft", body="Half a text."), [])
        self.assertEqual(self.save(body="More of it."), [])
        self.assertEqual(self.save(status="published", body="All of it."), [])
        self.assertEqual(self.article.revision, 1)

    def test_a_page_that_nobody_opened_has_nobody_to_be_told(self) -> None:
        get_thread(self.article).delete()
        self.assertEqual(self.save(body="Another text."), [])
        self.assertEqual(self.article.revision, 2)

    def test_the_admin_revises(self) -> None:
        self.client.force_login(self.alice)
        url = reverse("admin:blog_article_change", args=[self.article.pk])
        form = self.client.get(url).context["adminform"].form
        fields = {name: form[name].value() or "" for name in form.fields if name != "tags"}
        at = self.article.published_at
        fields |= {"published_at_0": f"{at:%Y-%m-%d}", "published_at_1": f"{at:%H:%M:%S}", "body": "New."}
        self.assertEqual(self.client.post(url, fields).status_code, 302)
        self.article.refresh_from_db()
        self.assertEqual((self.article.revision, self.article.body), (2, "New."))
