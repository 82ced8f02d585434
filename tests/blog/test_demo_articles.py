"""The articles of the demonstration."""

from django.contrib.auth.models import User
from django.test import TestCase

from blog.demo import make_articles, read_texts
from blog.models import Article
from tests.blog.cast import make_rosalind


class DemoArticles(TestCase):
    def setUp(self) -> None:
        self.articles = list(make_articles(make_rosalind()).values())

    def test_there_are_twelve_and_the_newest_explains_the_site(self) -> None:
        newest = Article.objects.published().for_list()
        self.assertEqual(list(newest), self.articles)
        self.assertEqual((len(newest), newest[0].slug), (12, "hello-live-comments"))

    def test_each_is_an_article_worth_reading(self) -> None:
        for article in self.articles:
            with self.subTest(article.slug):
                self.assertTrue(250 <= len(article.body.split()) <= 700, len(article.body.split()))
                self.assertTrue(article.summary)
                self.assertTrue(article.tags.exists())
                self.assertIsNone(article.revised_at)
                article.full_clean()

    def test_making_them_again_keeps_ids_dates_and_authors_and_mends_the_text(self) -> None:
        kept = ("pk", "slug", "published_at", "updated_at", "author", "title", "body")
        before = list(Article.objects.values_list(*kept))
        Article.objects.filter(slug="slow-mail").update(body="Scribble", title="Scribble")
        make_articles(User.objects.create_user("ben"))
        self.assertEqual(list(Article.objects.values_list(*kept)), before)

    def test_one_that_was_given_another_address_keeps_it(self) -> None:
        moved = Article.objects.get(slug="slow-mail")
        moved.slug = "letters"
        moved.save()
        again = make_articles(moved.author)
        self.assertEqual((again["slow-mail"].pk, again["slow-mail"].slug), (moved.pk, "letters"))
        self.assertEqual(Article.objects.count(), 12)

    def test_every_file_is_one_of_them(self) -> None:
        self.assertEqual([text.slug for text in read_texts()], [article.slug for article in self.articles])
