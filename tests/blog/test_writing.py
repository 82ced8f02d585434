"""Writing in the admin, and the preview of an article that is not saved yet."""

from urllib.parse import urlencode

from django.contrib.auth.models import Permission, User
from django.test import Client, TestCase

from blog.models import LONGEST_BODY, Article
from tests.blog.cast import make_article, make_ben, make_rosalind

PREVIEW = "/admin/blog/article/preview/"
FORM = {"title": "On plums", "slug": "", "summary": "", "body": "Prune in *July*.", "status": "draft"}


def make_clerk(*permissions: str) -> User:
    """A member of the staff with just these permissions."""
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return clerk


class Writing(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()
        self.client.force_login(self.rosalind)

    def test_an_article_is_written_and_published(self) -> None:
        form = FORM | {"status": "published", "author": self.rosalind.pk}
        self.assertRedirects(self.client.post("/admin/blog/article/add/", form), "/admin/blog/article/")
        article = Article.objects.get()
        self.assertEqual((article.slug, article.is_published), ("on-plums", True))
        self.assertIn("<em>July</em>", article.body_html)

    def test_changing_the_text_changes_the_page(self) -> None:
        article = make_article(self.rosalind)
        address = f"/admin/blog/article/{article.pk}/change/"
        form = FORM | {"slug": "on-plums", "author": self.rosalind.pk, "body": "Prune *never*."}
        self.assertRedirects(self.client.post(address, form), "/admin/blog/article/")
        article.refresh_from_db()
        self.assertIn("<em>never</em>", article.body_html)

    def test_the_author_is_whoever_writes_and_never_a_reader(self) -> None:
        ben = make_ben()
        page = self.client.get("/admin/blog/article/add/")
        self.assertContains(page, f'<option value="{self.rosalind.pk}" selected>rosalind</option>')
        self.assertNotContains(page, ">ben</option>")
        response = self.client.post("/admin/blog/article/add/", FORM | {"author": ben.pk})
        self.assertEqual((response.status_code, Article.objects.count()), (200, 0))

    def test_a_body_longer_than_a_book_is_refused(self) -> None:
        form = FORM | {"author": self.rosalind.pk, "body": "a" * (LONGEST_BODY + 1)}
        self.assertContains(self.client.post("/admin/blog/article/add/", form), "at most 100000 characters")

    def test_a_body_just_as_long_fits_into_a_request_in_any_script(self) -> None:
        form = urlencode(FORM | {"author": self.rosalind.pk, "body": "李" * LONGEST_BODY})
        kind = "application/x-www-form-urlencoded"
        response = self.client.post("/admin/blog/article/add/", form, content_type=kind)
        self.assertRedirects(response, "/admin/blog/article/")

    def test_the_list_filters_searches_and_needs_no_text(self) -> None:
        make_article(self.rosalind, "On plums", tags=("Plums",))
        make_article(self.rosalind, "On pears", status="draft")
        self.assertContains(self.client.get("/admin/blog/article/?q=pears"), "1 article")
        self.assertContains(self.client.get("/admin/blog/article/?status__exact=draft"), "1 article")
        # Session, user, tags and authors to filter by, two counts, the articles, first and last date, days.
        with self.assertNumQueries(9) as queries:
            self.client.get("/admin/blog/article/")
        self.assertFalse([query for query in queries.captured_queries if '"body' in query["sql"]])

    def test_it_links_to_the_article_on_the_site(self) -> None:
        article = make_article(self.rosalind)
        page = self.client.get(f"/admin/blog/article/{article.pk}/change/")
        self.assertContains(page, '<a href="/articles/on-plums/" class="viewsitelink">')


class Preview(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()

    def test_it_shows_the_form_as_readers_would_see_it_and_stores_nothing(self) -> None:
        self.client.force_login(self.rosalind)
        response = self.client.post(PREVIEW, FORM)
        self.assertContains(response, "<h1>On plums</h1>")
        self.assertContains(response, "<p>Prune in <em>July</em>.</p>")
        self.assertContains(response, "noindex")
        self.assertIn("no-store", response["Cache-Control"])
        self.assertEqual(Article.objects.count(), 0)

    def test_a_form_with_nothing_in_it_has_a_preview_too(self) -> None:
        self.client.force_login(self.rosalind)
        self.assertContains(self.client.post(PREVIEW), "Untitled")

    def test_the_button_is_on_both_forms_and_needs_no_script(self) -> None:
        article = make_article(self.rosalind)
        self.client.force_login(self.rosalind)
        for address in ("/admin/blog/article/add/", f"/admin/blog/article/{article.pk}/change/"):
            self.assertContains(self.client.get(address), f'formaction="{PREVIEW}"')

    def test_a_get_shows_nothing(self) -> None:
        self.client.force_login(self.rosalind)
        self.assertEqual(self.client.get(PREVIEW).status_code, 405)

    def test_it_is_for_those_who_may_write(self) -> None:
        self.client.force_login(make_clerk("change_article"))
        self.assertEqual(self.client.post(PREVIEW, FORM).status_code, 200)

    def test_to_others_on_the_staff_it_is_forbidden(self) -> None:
        self.client.force_login(make_clerk("view_article", "change_tag"))
        self.assertEqual(self.client.post(PREVIEW, FORM).status_code, 403)

    def test_readers_are_sent_to_log_in(self) -> None:
        self.client.force_login(make_ben())
        self.assertEqual(self.client.post(PREVIEW, FORM).status_code, 302)

    def test_it_takes_no_form_from_another_site(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.rosalind)
        self.assertContains(client.post(PREVIEW, FORM), "out of date", status_code=403)
