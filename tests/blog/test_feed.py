"""The Atom feed and the sitemap."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from django.test import TestCase, override_settings
from django.utils import timezone

from blog.models import Article
from tests.blog.cast import make_article, make_articles, make_rosalind

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@override_settings(SITE_URL="https://magazine.example")
class Feed(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()

    def read(self) -> ElementTree.Element:
        response = self.client.get("/feed/")
        self.assertTrue(response["Content-Type"].startswith("application/atom+xml"))
        return ElementTree.fromstring(response.content)  # noqa: S314 - our own feed

    def test_an_entry_has_the_whole_text(self) -> None:
        make_article(self.rosalind, summary="When & how", body="Prune in *July* < August.", tags=("Plums",))
        feed = self.read()
        entry = feed.find(f"{ATOM}entry")
        assert entry is not None
        content = entry.find(f"{ATOM}content")
        assert content is not None
        self.assertEqual(content.get("type"), "html")
        self.assertEqual(content.text, "<p>Prune in <em>July</em> &lt; August.</p>\n")
        self.assertEqual(entry.findtext(f"{ATOM}summary"), "When &amp; how")
        self.assertEqual(entry.findtext(f"{ATOM}author/{ATOM}name"), "Rosalind Okafor")

    def test_every_address_is_the_public_one(self) -> None:
        make_article(self.rosalind, body="[pears](/articles/pears/)")
        feed = self.read()
        self.assertEqual(feed.get("{http://www.w3.org/XML/1998/namespace}base"), "https://magazine.example/")
        for link in feed.iter(f"{ATOM}link"):
            self.assertTrue((link.get("href") or "").startswith("https://magazine.example/"), link.attrib)

    def test_an_entry_is_as_new_as_its_last_change(self) -> None:
        article = make_article(self.rosalind, published_at=timezone.now() - timedelta(days=9))
        changed = timezone.now() - timedelta(days=2)
        Article.objects.update(updated_at=changed)
        updated = self.read().findtext(f"{ATOM}entry/{ATOM}updated") or ""
        self.assertEqual(datetime.fromisoformat(updated), changed)
        Article.objects.update(updated_at=timezone.now() - timedelta(days=30))
        updated = self.read().findtext(f"{ATOM}entry/{ATOM}updated") or ""
        assert article.published_at is not None
        self.assertEqual(datetime.fromisoformat(updated), article.published_at)

    def test_ids_stay_what_they_were_when_an_address_or_a_text_changes(self) -> None:
        article = make_article(self.rosalind)
        created = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
        Article.objects.update(created_at=created)
        ids = [
            "tag:magazine.example,2026-01-01:articles",
            f"tag:magazine.example,2025-12-31:articles/{article.pk}",
        ]
        self.assertEqual([element.text for element in self.read().iter(f"{ATOM}id")], ids)
        article.refresh_from_db()
        article.slug, article.title, article.body = "prunes", "On prunes", "Dry."
        article.published_at = timezone.now() - timedelta(days=3)
        article.save()
        feed = self.read()
        self.assertEqual([element.text for element in feed.iter(f"{ATOM}id")], ids)
        link = feed.find(f"{ATOM}entry/{ATOM}link")
        assert link is not None
        self.assertEqual(link.get("href"), "https://magazine.example/articles/prunes/")

    def test_ids_differ_and_hold_no_port(self) -> None:
        make_articles(self.rosalind, 3)
        with self.settings(SITE_URL="http://127.0.0.1:8000"):
            ids = {element.text or "" for element in self.read().iter(f"{ATOM}id")}
        self.assertEqual(len(ids), 4)
        for each in ids:
            self.assertRegex(each, r"^tag:127\.0\.0\.1,\d{4}-\d\d-\d\d:articles(/\d+)?$")

    def test_a_control_character_in_one_article_spoils_nothing(self) -> None:
        dirty = "".join(map(chr, range(1, 32))) + "\x7f\x9f\ufffe\uffff\ufdd0\u202e"
        self.rosalind.first_name = f"Ros{dirty}"
        self.rosalind.save()
        make_article(
            self.rosalind, f"On{dirty}plums", summary=dirty, body=f"Prune{dirty}it", tags=(f"a{dirty}",)
        )
        title = self.read().findtext(f"{ATOM}entry/{ATOM}title") or ""
        self.assertTrue(title.startswith("On") and title.endswith("plums"))

    def test_ids_stay_what_they_were_when_the_site_moves(self) -> None:
        make_articles(self.rosalind, 2)
        before = [element.text for element in self.read().iter(f"{ATOM}id")]
        with self.settings(SITE_URL="https://elsewhere.example", FEED_HOST="magazine.example"):
            feed = self.read()
        self.assertEqual([element.text for element in feed.iter(f"{ATOM}id")], before)

    def test_the_site_is_called_what_its_operator_says(self) -> None:
        with self.settings(SITE_NAME="Plums & Pears", SITE_TAGLINE="Of fruit", SITE_DESCRIPTION="All of it."):
            feed, page = self.read(), self.client.get("/")
        self.assertEqual(feed.findtext(f"{ATOM}title"), "Plums & Pears")
        self.assertEqual(feed.findtext(f"{ATOM}subtitle"), "Of fruit")
        for words in ("<title>Plums &amp; Pears</title>", "Of fruit", "All of it."):
            self.assertContains(page, words)

    def test_two_queries_and_twenty_entries_however_many_articles(self) -> None:
        make_articles(self.rosalind, 25, tags=("Plums",))
        with self.assertNumQueries(2):  # articles with authors, tags
            feed = self.read()
        self.assertEqual(len(feed.findall(f"{ATOM}entry")), 20)

    def test_an_empty_feed_is_a_feed(self) -> None:
        self.assertEqual(self.read().findall(f"{ATOM}entry"), [])


@override_settings(SITE_URL="https://magazine.example")
class Sitemap(TestCase):
    def test_it_has_the_front_page_the_articles_and_the_tags(self) -> None:
        make_articles(make_rosalind(), 3, tags=("Plums",))
        with self.assertNumQueries(4):  # two sections, each counted and read
            response = self.client.get("/sitemap.xml")
        root = ElementTree.fromstring(response.content)  # noqa: S314 - our own map
        self.assertEqual(
            {url.findtext(f"{MAP}loc") for url in root},
            {
                "https://magazine.example/",
                "https://magazine.example/tags/plums/",
                *(f"https://magazine.example/articles/article-{n}/" for n in (1, 2, 3)),
            },
        )

    def test_it_has_the_present_address_of_an_article_alone(self) -> None:
        article = make_article(make_rosalind(), slug="plums")
        article.slug = "prunes"
        article.save()
        response = self.client.get("/sitemap.xml")
        self.assertContains(response, "<loc>https://magazine.example/articles/prunes/</loc>")
        self.assertNotContains(response, "plums")
