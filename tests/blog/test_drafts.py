"""Drafts exist only for the staff who may see articles in the admin."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import TestCase
from django.utils import timezone

from blog.models import Article
from tests.blog.cast import make_article, make_ben, make_rosalind


class Drafts(TestCase):
    def setUp(self) -> None:
        self.rosalind, self.ben = make_rosalind(), make_ben()
        self.draft = make_article(self.rosalind, "A draft", status="draft")
        self.tomorrows = make_article(
            self.rosalind, "Tomorrow's", slug="tomorrows", published_at=timezone.now() + timedelta(days=1)
        )

    def test_readers_are_told_that_there_is_no_such_page(self) -> None:
        for address in ("/articles/a-draft/", "/articles/tomorrows/"):
            self.assertEqual(self.client.get(address).status_code, 404)
            self.client.force_login(self.ben)
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_the_editor_reads_them_labelled_without_comments_and_unindexed(self) -> None:
        self.client.force_login(self.rosalind)
        for address, label in {
            "/articles/a-draft/": "Draft",
            "/articles/tomorrows/": "Held back until",
        }.items():
            response = self.client.get(address)
            self.assertContains(response, f'<p class="draft">{label}')
            self.assertContains(response, '<meta name="robots" content="noindex">')
            self.assertNotContains(response, 'id="comments"')
            self.assertNotContains(response, 'rel="canonical"')

    def test_a_published_article_is_not_labelled(self) -> None:
        make_article(self.rosalind)
        response = self.client.get("/articles/on-plums/")
        self.assertNotContains(response, 'class="draft"')
        self.assertNotContains(response, "noindex")

    def test_they_are_in_no_list_feed_or_map(self) -> None:
        for address in ("/", "/feed/", "/sitemap.xml"):
            response = self.client.get(address)
            self.assertNotContains(response, "a-draft")
            self.assertNotContains(response, "tomorrows")

    def test_visible_to_knows_who_asks(self) -> None:
        self.assertEqual(Article.objects.visible_to(self.rosalind).count(), 2)
        self.assertEqual(Article.objects.visible_to(self.ben).count(), 0)
        self.assertEqual(Article.objects.visible_to(AnonymousUser()).count(), 0)

    def test_staff_without_that_right_are_readers(self) -> None:
        places = [
            *(
                "/articles/a-draft/",
                "/articles/tomorrows/",
                "/api/articles/a-draft/",
                "/api/articles/",
                "/feed/",
            ),
            *("/api/articles/a-draft/comments/", "/api/articles/a-draft/history/?after=0"),
            *(f"/admin/blog/article/{part}" for part in ("", f"{self.draft.pk}/change/")),
            *(f"/admin/blog/article/{self.draft.pk}/{part}/" for part in ("history", "delete")),
            f"/admin/r/{ContentType.objects.get_for_model(Article).pk}/{self.draft.pk}/",
        ]
        clerk = User.objects.create_user("clerk", is_staff=True)
        clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="comments"))
        self.client.force_login(clerk)
        for address in places:
            answer = self.client.get(address)
            self.assertNotIn("a-draft", answer.headers.get("Location", ""), address)
            self.assertNotIn("Prune in July", answer.content.decode(), address)
            self.assertNotIn("A draft", answer.content.decode(), address)

    def test_either_right_shows_them(self) -> None:
        for right in ("view_article", "change_article"):
            clerk = User.objects.create_user(right, is_staff=True)
            clerk.user_permissions.set(Permission.objects.filter(codename=right))
            self.client.force_login(clerk)
            self.assertContains(self.client.get("/articles/a-draft/"), "Prune in July")
            page = f"/admin/r/{ContentType.objects.get_for_model(Article).pk}/{self.draft.pk}/"
            self.assertIn("/articles/a-draft/", self.client.get(page).headers["Location"])

    def test_an_editor_who_was_dismissed_is_a_reader(self) -> None:
        self.rosalind.is_active = False
        self.assertEqual(Article.objects.visible_to(self.rosalind).count(), 0)
