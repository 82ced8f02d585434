"""A slug that an article had leads to it for good, and to no other article."""

import threading
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone

from blog.models import Article, FormerSlug
from tests.blog.cast import make_article, make_ben, make_rosalind
from tests.comments.threads import PATIENCE, all_at_once
from tests.services.waiting import wait_until


def rename(article: Article, *slugs: str) -> None:
    """Save the article under each of the slugs in turn."""
    for slug in slugs:
        article.slug = slug
        article.save()


def former_slugs(article: Article) -> set[str]:
    return set(article.former_slugs.values_list("slug", flat=True))


class Remembering(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()
        self.plums = make_article(self.rosalind, "On plums", slug="plums")

    def test_a_save_with_another_slug_keeps_the_former_one(self) -> None:
        before = timezone.now()
        rename(self.plums, "prunes")
        former = FormerSlug.objects.get()
        self.assertEqual((former.slug, former.article), ("plums", self.plums))
        self.assertLessEqual(before, former.since)

    def test_a_narrow_save_of_the_slug_does_too(self) -> None:
        self.plums.slug = "prunes"
        self.plums.save(update_fields=["slug"])
        self.assertEqual(former_slugs(self.plums), {"plums"})

    def test_a_save_with_the_same_slug_keeps_nothing(self) -> None:
        self.plums.save()
        make_article(self.rosalind, "On pears")
        self.assertFalse(FormerSlug.objects.exists())

    def test_a_narrow_save_by_somebody_who_read_it_before_changes_no_address(self) -> None:
        earlier = Article.objects.get(pk=self.plums.pk)
        rename(self.plums, "prunes")
        earlier.title = "Of plums"
        earlier.save(update_fields=["title"])
        self.plums.refresh_from_db()
        self.assertEqual((self.plums.title, self.plums.slug), ("Of plums", "prunes"))

    def test_a_full_save_by_somebody_who_read_it_before_loses_no_address(self) -> None:
        earlier = Article.objects.get(pk=self.plums.pk)
        rename(self.plums, "prunes")
        rename(earlier, "damsons")
        self.assertEqual(former_slugs(self.plums), {"plums", "prunes"})

    def test_a_slug_made_of_a_new_title_keeps_the_former_one(self) -> None:
        self.plums.title, self.plums.slug = "On damsons", ""
        self.plums.save(update_fields=["title"])
        self.plums.refresh_from_db()
        self.assertEqual((self.plums.slug, former_slugs(self.plums)), ("on-damsons", {"plums"}))

    def test_an_update_past_save_is_refused(self) -> None:
        with self.assertRaisesMessage(ValueError, "save()"):
            Article.objects.filter(pk=self.plums.pk).update(slug="prunes")
        self.plums.slug = "prunes"
        with self.assertRaisesMessage(ValueError, "save()"):
            Article.objects.bulk_update([self.plums], ["slug"])


class Reserving(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()
        self.plums = make_article(self.rosalind, "On plums", slug="plums")
        rename(self.plums, "prunes")
        self.pears = make_article(self.rosalind, "On pears", slug="pears")

    def test_no_other_article_gets_it(self) -> None:
        with self.assertRaisesMessage(ValidationError, "“plums” was the address of “On plums”"):
            rename(self.pears, "plums")
        self.pears.refresh_from_db()
        self.assertEqual((self.pears.slug, former_slugs(self.pears)), ("pears", set()))
        with self.assertRaises(ValidationError):
            make_article(self.rosalind, slug="plums")
        self.assertEqual(Article.objects.count(), 2)

    def test_two_articles_do_not_swap_slugs(self) -> None:
        rename(self.pears, "in-between")
        with self.assertRaises(ValidationError):
            rename(self.plums, "pears")
        rename(self.plums, "also-in-between")
        with self.assertRaises(ValidationError):
            rename(self.pears, "prunes")

    def test_a_slug_made_of_a_title_steps_around_it(self) -> None:
        slugs = [make_article(self.rosalind, "Plums").slug for _ in range(2)]
        self.assertEqual(slugs, ["plums-2", "plums-3"])

    def test_its_own_article_takes_it_back(self) -> None:
        rename(self.plums, "plums")
        self.assertEqual(former_slugs(self.plums), {"prunes"})
        rename(self.plums, "prunes", "plums", "prunes")
        self.assertEqual(former_slugs(self.plums), {"plums"})

    def test_its_own_article_gets_it_back_by_its_title(self) -> None:
        self.plums.title, self.plums.slug = "Plums", ""
        self.plums.save()
        self.assertEqual(self.plums.slug, "plums")

    def test_it_is_free_when_its_article_is_deleted(self) -> None:
        self.plums.delete()
        rename(self.pears, "plums", "prunes")
        self.assertEqual(former_slugs(self.pears), {"pears", "plums"})

    def test_an_editor_learns_which_article_has_it_and_can_free_it(self) -> None:
        self.client.force_login(self.rosalind)
        change = f"/admin/blog/article/{self.pears.pk}/change/"
        form = {"title": "On pears", "slug": "plums", "body": "Ripe.", "status": "draft"}
        form["author"] = str(self.rosalind.pk)
        self.assertContains(self.client.post(change, form), "“plums” was the address of “On plums”")

        self.assertContains(self.client.get("/admin/blog/formerslug/"), "plums")
        former = FormerSlug.objects.get()
        self.client.post(f"/admin/blog/formerslug/{former.pk}/delete/", {"post": "yes"})
        self.assertRedirects(self.client.post(change, form), "/admin/blog/article/")
        self.assertEqual(former_slugs(self.pears), {"pears"})

    def test_an_editor_makes_and_changes_none_by_hand(self) -> None:
        self.client.force_login(self.rosalind)
        former = FormerSlug.objects.get()
        self.assertEqual(self.client.get("/admin/blog/formerslug/add/").status_code, 403)
        self.client.post(f"/admin/blog/formerslug/{former.pk}/change/", {"slug": "mine"})
        former.refresh_from_db()
        self.assertEqual(former.slug, "plums")

    def test_an_editor_who_renames_an_article_keeps_its_former_address(self) -> None:
        self.client.force_login(self.rosalind)
        form = {"title": "On pears", "slug": "quinces", "body": "Ripe.", "status": "published"}
        self.client.post(
            f"/admin/blog/article/{self.pears.pk}/change/", form | {"author": str(self.rosalind.pk)}
        )
        self.assertEqual(former_slugs(self.pears), {"pears"})


class Redirects(TestCase):
    def setUp(self) -> None:
        self.rosalind = make_rosalind()
        self.plums = make_article(self.rosalind, "On plums", slug="plums")
        rename(self.plums, "prunes")

    def test_a_former_address_leads_to_the_present_one_for_good(self) -> None:
        for ask in (self.client.get, self.client.head):
            response = ask("/articles/plums/")
            self.assertEqual((response.status_code, response["Location"]), (301, "/articles/prunes/"))

    def test_the_query_comes_along_as_it_is(self) -> None:
        for query in (
            "comments=abc&reply=7",
            "q=%0d%0aSet-Cookie:x",
            "q=%E6%9D%8E+a%26b",
            "?//evil.example/",
        ):
            response = self.client.get(f"/articles/plums/?{query}")
            self.assertEqual(response["Location"], f"/articles/prunes/?{query}")

    def test_no_browser_remembers_it_so_an_address_can_be_taken_back(self) -> None:
        self.assertIn("no-store", self.client.get("/articles/plums/")["Cache-Control"])
        rename(self.plums, "plums")
        self.assertRedirects(self.client.get("/articles/prunes/"), "/articles/plums/", status_code=301)

    def test_many_changes_are_one_redirect(self) -> None:
        rename(self.plums, *(f"plums-{n}" for n in range(30)))
        with self.assertNumQueries(2):  # the article with its author, and its tags
            response = self.client.get("/articles/plums/")
        self.assertEqual(response["Location"], "/articles/plums-29/")

    def test_a_draft_is_led_to_for_the_staff_only(self) -> None:
        self.plums.status = Article.Status.DRAFT
        self.plums.save()
        self.client.force_login(make_ben())
        self.assertEqual(self.client.get("/articles/plums/").status_code, 404)
        self.client.force_login(self.rosalind)
        self.assertRedirects(self.client.get("/articles/plums/"), "/articles/prunes/", status_code=301)

    def test_the_address_of_a_deleted_article_leads_nowhere(self) -> None:
        self.plums.delete()
        self.assertEqual(self.client.get("/articles/plums/").status_code, 404)

    def test_programs_are_answered_there_and_told_the_present_address(self) -> None:
        with self.assertNumQueries(2):  # the article with its author, and its numbers
            article = self.client.get("/api/articles/plums/").json()
        self.assertEqual((article["slug"], article["url"]), ("prunes", "/articles/prunes/"))
        Article.objects.update(status="draft")
        self.assertEqual(self.client.get("/api/articles/plums/").status_code, 404)


@pytest.mark.django_db(transaction=True)
def test_two_editors_who_rename_one_article_at_once_lose_no_address() -> None:
    article = make_article(make_rosalind(), slug="plums")
    start = threading.Barrier(8)

    def rename_it(slug: str) -> None:
        mine = Article.objects.get(pk=article.pk)
        start.wait(PATIENCE)
        rename(mine, slug)

    all_at_once([partial(rename_it, f"plums-{n}") for n in range(8)])

    article.refresh_from_db()
    assert former_slugs(article) | {article.slug} == {"plums", *(f"plums-{n}" for n in range(8))}


def somebody_waits() -> bool:
    """Whether a transaction waits for another one. SQLite, where transactions take turns, does not tell."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_slug_that_one_article_leaves_is_never_another_ones_at_the_same_moment() -> None:
    rosalind = make_rosalind()
    plums, pears = make_article(rosalind, slug="fruit"), make_article(rosalind, slug="pears")
    left = threading.Event()

    def leave() -> None:
        with transaction.atomic():
            rename(plums, "plums")
            left.set()
            wait_until(somebody_waits, what="the other article's save")

    def take() -> None:
        assert left.wait(PATIENCE)
        with pytest.raises(ValidationError):
            rename(pears, "fruit")

    all_at_once([leave, take])

    pears.refresh_from_db()
    assert (pears.slug, former_slugs(plums), former_slugs(pears)) == ("pears", {"fruit"}, set())
