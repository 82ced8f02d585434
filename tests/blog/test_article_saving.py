"""Saving an article determines its address, its date and its HTML."""

from datetime import timedelta
from unittest import mock

from django.db import IntegrityError, transaction
from django.test import TestCase
from django.utils import timezone

from blog import markdown
from blog.models import ARTICLE_SLUG, Article, Tag
from tests.blog.cast import make_article, make_rosalind


class Addresses(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()

    def test_a_blank_slug_is_made_from_the_title(self) -> None:
        self.assertEqual(make_article(self.rosalind, "On Plums & Pears").slug, "on-plums-pears")

    def test_a_slug_that_was_given_is_kept(self) -> None:
        self.assertEqual(make_article(self.rosalind, "On plums", slug="plums").slug, "plums")

    def test_the_same_title_again_gets_a_number(self) -> None:
        slugs = [make_article(self.rosalind, "On plums").slug for _ in range(3)]
        self.assertEqual(slugs, ["on-plums", "on-plums-2", "on-plums-3"])

    def test_a_later_title_does_not_change_the_address(self) -> None:
        article = make_article(self.rosalind, "On plums")
        article.title = "On pears"
        article.save()
        self.assertEqual(article.slug, "on-plums")

    def test_titles_of_any_script_get_an_address_that_opens(self) -> None:
        for title in ("Слива", "李子", "البرقوق", "🌳", "---", "Война и мир 2"):
            with self.subTest(title):
                article = make_article(self.rosalind, title)
                self.assertRegex(article.slug, r"^[a-z0-9][a-z0-9-]*$")
                self.assertEqual(self.client.get(article.get_absolute_url()).status_code, 200)

    def test_a_long_title_is_cut_at_a_word_and_stays_unique(self) -> None:
        slugs = [make_article(self.rosalind, "plum " * 40).slug for _ in range(12)]
        self.assertEqual(len(set(slugs)), 12)
        for slug in slugs:
            self.assertLessEqual(len(slug), ARTICLE_SLUG)
            self.assertRegex(slug, r"^(plum-)+(plum|\d+)$")

    def test_the_database_refuses_two_articles_at_one_address(self) -> None:
        make_article(self.rosalind, slug="plums")
        with self.assertRaises(IntegrityError), transaction.atomic():
            make_article(self.rosalind, slug="plums")

    def test_tags_have_addresses_too(self) -> None:
        self.assertEqual(Tag.objects.create(name="Stone fruit").slug, "stone-fruit")
        self.assertEqual(Tag.objects.create(name="果物").slug, "tag")
        self.assertEqual(Tag.objects.create(name="野菜").slug, "tag-2")


class Dates(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()

    def test_a_draft_has_no_date(self) -> None:
        self.assertIsNone(make_article(self.rosalind, status="draft").published_at)

    def test_publishing_sets_the_date(self) -> None:
        before = timezone.now()
        article = make_article(self.rosalind, status="draft")
        article.status = Article.Status.PUBLISHED
        article.save(update_fields=["status"])
        article.refresh_from_db()
        assert article.published_at is not None
        self.assertLessEqual(before, article.published_at)
        self.assertTrue(article.is_published)

    def test_the_first_date_outlives_a_withdrawal(self) -> None:
        first = timezone.now() - timedelta(days=3)
        article = make_article(self.rosalind, published_at=first)
        for status in (Article.Status.DRAFT, Article.Status.PUBLISHED):
            article.status = status
            article.save()
        self.assertEqual(article.published_at, first)

    def test_a_date_in_the_future_holds_it_back(self) -> None:
        article = make_article(self.rosalind, published_at=timezone.now() + timedelta(hours=1))
        self.assertFalse(article.is_published)
        self.assertNotIn(article, Article.objects.published())


class Html(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()

    def test_the_body_is_rendered_when_it_is_saved(self) -> None:
        article = make_article(self.rosalind, body="Prune in *July*.")
        self.assertEqual(article.body_html, "<p>Prune in <em>July</em>.</p>\n")

    def test_reading_renders_nothing(self) -> None:
        article = make_article(self.rosalind)
        with mock.patch.object(markdown, "render", wraps=markdown.render) as render:
            self.client.get(article.get_absolute_url())
            self.client.get("/feed/")
        render.assert_not_called()

    def test_a_narrow_save_of_the_body_stores_the_html_with_it(self) -> None:
        article = make_article(self.rosalind)
        article.body = "Prune *never*."
        article.save(update_fields=["body"])
        article.refresh_from_db()
        self.assertIn("<em>never</em>", article.body_html)

    def test_a_narrow_save_of_the_title_leaves_the_text_alone(self) -> None:
        article = make_article(self.rosalind)
        Article.objects.filter(pk=article.pk).update(body_html="as it was")
        article.title = "On pears"
        article.save(update_fields=["title"])
        article.refresh_from_db()
        self.assertEqual((article.title, article.body_html), ("On pears", "as it was"))

    def test_reading_time_is_a_minute_at_least(self) -> None:
        self.assertEqual(Article(body="").reading_minutes, 1)
        self.assertEqual(Article(body="word " * 231).reading_minutes, 2)
