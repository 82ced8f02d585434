"""The pages that readers see, and the number of queries of each."""

from datetime import timedelta

from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from tests.blog.cast import make_article, make_articles, make_ben, make_rosalind


class Index(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()

    def test_an_empty_magazine_says_so(self) -> None:
        self.assertContains(self.client.get("/"), "Nothing has been published yet")

    def test_newest_first_ten_to_a_page(self) -> None:
        make_articles(self.rosalind, 12)
        first = self.client.get("/")
        self.assertEqual(
            [article.title for article in first.context["page"]], [f"Article {n}" for n in range(12, 2, -1)]
        )
        self.assertContains(first, 'rel="next" href="?page=2"')
        second = self.client.get("/?page=2")
        self.assertEqual([article.title for article in second.context["page"]], ["Article 2", "Article 1"])
        self.assertContains(second, '<a rel="prev" href="/">')

    def test_articles_of_the_same_moment_are_on_one_page_each(self) -> None:
        now = timezone.now()
        for n in range(20):
            make_article(self.rosalind, f"Article {n}", published_at=now)
        shown = [a.pk for number in (1, 2) for a in self.client.get(f"/?page={number}").context["page"]]
        self.assertEqual(len(set(shown)), 20)

    def test_a_page_that_is_no_number_is_the_first_and_one_too_high_the_last(self) -> None:
        make_articles(self.rosalind, 12)
        for asked, shown in {
            "": 1,
            "x": 1,
            "1.5": 1,
            "9" * 5000: 1,
            "%00": 1,
            "0": 2,
            "-1": 2,
            "99": 2,
        }.items():
            with self.subTest(asked[:9]):
                response = self.client.get(f"/?page={asked}")
                self.assertEqual((response.status_code, response.context["page"].number), (200, shown))

    @override_settings(SITE_URL="https://magazine.example")
    def test_each_page_of_the_list_is_canonical_for_itself(self) -> None:
        make_articles(self.rosalind, 12)
        self.assertContains(
            self.client.get("/?page=1&utm=x"), '<link rel="canonical" href="https://magazine.example/">'
        )
        self.assertContains(
            self.client.get("/?page=2"), '<link rel="canonical" href="https://magazine.example/?page=2">'
        )

    def test_what_is_not_published_is_not_listed_not_even_to_the_editor(self) -> None:
        make_article(self.rosalind, "A draft", status="draft")
        make_article(self.rosalind, "Tomorrow's", published_at=timezone.now() + timedelta(days=1))
        self.client.force_login(self.rosalind)
        self.assertEqual(list(self.client.get("/").context["page"]), [])

    def test_four_queries_however_many_articles(self) -> None:
        make_articles(self.rosalind, 2, tags=("Plums",))
        with self.assertNumQueries(4):  # count, articles with authors, tags, comment counts
            self.client.get("/")
        make_articles(self.rosalind, 10, tags=("Plums", "Pears", "Figs"))
        with self.assertNumQueries(4):
            self.client.get("/")

    def test_two_more_for_somebody_logged_in(self) -> None:
        make_articles(self.rosalind, 2)
        self.client.force_login(make_ben())
        with self.assertNumQueries(6):  # session, user
            self.client.get("/")


class TagPage(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()

    def test_it_lists_the_articles_of_its_tag(self) -> None:
        make_article(self.rosalind, "On plums", tags=("Plums",))
        make_article(self.rosalind, "On pears", tags=("Pears",))
        response = self.client.get("/tags/plums/")
        self.assertContains(response, "On plums")
        self.assertNotContains(response, "On pears")

    def test_a_tag_of_drafts_alone_is_not_public(self) -> None:
        make_article(self.rosalind, status="draft", tags=("Secret",))
        self.assertEqual(self.client.get("/tags/secret/").status_code, 404)
        self.assertEqual(self.client.get("/tags/none/").status_code, 404)

    def test_five_queries_however_many_articles(self) -> None:
        make_articles(self.rosalind, 12, tags=("Plums", "Pears"))
        with self.assertNumQueries(5):  # the tag, count, articles with authors, tags, comment counts
            self.client.get("/tags/plums/?page=2")


class ArticlePage(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()

    def test_it_says_who_when_and_how_long(self) -> None:
        published = timezone.now() - timedelta(days=2)
        make_article(
            self.rosalind,
            tags=("Plums",),
            summary="When to prune.",
            body="word " * 500,
            published_at=published,
        )
        response = self.client.get("/articles/on-plums/")
        for text in (
            '<h1 dir="auto">On plums</h1>',
            "When to prune.",
            "Rosalind Okafor",
            "3 min read",
            '<a href="/tags/plums/" rel="tag" dir="auto">',
        ):
            self.assertContains(response, text)
        self.assertContains(response, f'<time datetime="{published.isoformat()}"')

    def test_the_section_for_comments_follows(self) -> None:
        make_article(self.rosalind)
        self.assertContains(self.client.get("/articles/on-plums/"), 'id="comments"')

    @override_settings(SITE_URL="https://magazine.example")
    def test_it_is_canonical_at_the_public_address(self) -> None:
        make_article(self.rosalind)
        page = self.client.get("/articles/on-plums/?utm=x")
        self.assertContains(page, '<link rel="canonical" href="https://magazine.example/articles/on-plums/">')

    def test_no_cache_keeps_it_but_the_one_for_the_way_back_where_it_names_nobody(self) -> None:
        make_article(self.rosalind)
        self.assertEqual(self.client.get("/articles/on-plums/")["Cache-Control"], "private, no-cache")
        self.client.force_login(make_ben())
        self.assertIn("no-store", self.client.get("/articles/on-plums/")["Cache-Control"])

    def test_its_queries_do_not_grow_with_its_tags(self) -> None:
        make_article(self.rosalind, "On plums", tags=("Plums",))
        make_article(self.rosalind, "On fruit", tags=("Plums", "Pears", "Figs"))
        self.client.get("/articles/on-plums/")
        self.client.get("/articles/on-fruit/")
        with self.assertNumQueries(ARTICLE_QUERIES):
            self.client.get("/articles/on-plums/")
        with self.assertNumQueries(ARTICLE_QUERIES):
            self.client.get("/articles/on-fruit/")

    def test_unknown_addresses_are_404_on_our_own_page(self) -> None:
        for address in ("/articles/none/", "/nowhere/", "/articles/%00/"):
            self.assertContains(self.client.get(address), "There is no such page", status_code=404)


# The article with its author, and its tags; the rest is the section for comments.
ARTICLE_QUERIES = 4


class EveryPage(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()
        make_article(self.rosalind, tags=("Plums",))

    def test_only_reading_is_allowed(self) -> None:
        for address in ("/", "/articles/on-plums/", "/tags/plums/", "/robots.txt"):
            self.assertEqual(self.client.post(address).status_code, 405)
            self.assertEqual(self.client.head(address).status_code, 200)

    def test_it_is_compressed_for_browsers_that_ask_for_it(self) -> None:
        for address in ("/", "/articles/on-plums/", "/tags/plums/"):
            plain, packed = (self.client.get(address, headers={"accept-encoding": w}) for w in ("", "gzip"))
            self.assertEqual((plain.get("Content-Encoding"), packed["Content-Encoding"]), (None, "gzip"))
            self.assertIn("Accept-Encoding", plain["Vary"])
            self.assertLess(2 * len(packed.content), len(plain.content))

    def test_it_needs_no_inline_script_and_no_inline_style(self) -> None:
        self.client.force_login(self.rosalind)
        for address in ("/", "/articles/on-plums/", "/tags/plums/", "/login/", "/nowhere/"):
            html = self.client.get(address).text
            self.assertNotRegex(html, r"<style|\sstyle=|\son[a-z]+=")
            self.assertNotRegex(html, r"<script(?![^>]*(\ssrc=|application/json))")

    def test_no_cache_keeps_a_page_that_greets_somebody_by_name(self) -> None:
        self.client.force_login(make_ben())
        for address in ("/", "/tags/plums/"):
            response = self.client.get(address)
            self.assertContains(response, "ben")
            self.assertEqual(response["Cache-Control"], "private, no-store")

    def test_robots_are_told_where_the_sitemap_is(self) -> None:
        with self.assertNumQueries(0):
            response = self.client.get("/robots.txt")
        self.assertEqual(response["Content-Type"], "text/plain; charset=utf-8")
        self.assertContains(response, "Disallow: /admin/")
        self.assertContains(response, "/sitemap.xml")


def test_the_migrations_are_complete(db: None) -> None:
    call_command("makemigrations", "blog", check=True, dry_run=True, verbosity=0)
