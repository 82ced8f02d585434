"""Comments under a former address of an article are the comments of the article."""

import uuid
from typing import Any

from django.test import TestCase

from blog.models import Article
from comments.errors import CommentError
from comments.models import Comment, Thread
from comments.queries import get_thread_at
from tests.comments.cast import make_alice, make_article, make_bob, post


class ChangedAddress(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice(), "plums")
        self.first = post(self.bob, self.article, "Ripe?")
        self.article.slug = "prunes"
        self.article.save()
        self.client.force_login(self.bob)

    def form(self, **fields: Any) -> dict[str, Any]:
        return {"content": "Sent from an old page.", "ref": str(uuid.uuid4()), **fields}

    def test_the_thread_is_the_same_at_both_and_costs_as_little_to_find(self) -> None:
        for slug in ("plums", "prunes"):
            with self.assertNumQueries(2):  # the article, and its thread
                self.assertEqual(get_thread_at("articles", slug), self.first.thread)
        self.assertEqual(Thread.objects.count(), 1)

    def test_the_api_answers_at_both_alike(self) -> None:
        for call in ("comments/", "history/?after=0"):
            former = self.client.get(f"/api/articles/plums/{call}")
            self.assertEqual(former.status_code, 200)
            self.assertEqual(former.json(), self.client.get(f"/api/articles/prunes/{call}").json())
        snapshot = self.client.get("/api/articles/plums/comments/").json()
        self.assertEqual(
            {name: snapshot["subject"][name] for name in ("kind", "key", "url")},
            {"kind": "article", "key": "prunes", "url": "/articles/prunes/"},
        )

    def test_a_form_of_an_old_page_posts_and_leads_to_the_present_address(self) -> None:
        response = self.client.post("/articles/plums/comments/", self.form(parent=str(self.first.pk)))
        newest = Comment.objects.latest("pk")
        self.assertEqual((newest.thread, newest.parent), (self.first.thread, self.first))
        self.assertRedirects(response, f"/articles/prunes/?comment={newest.pk}#comment-{newest.pk}")

    def test_a_refused_form_of_an_old_page_comes_back_for_the_present_address(self) -> None:
        response = self.client.post("/articles/plums/comments/", self.form(content=" "))
        self.assertContains(response, 'action="/articles/prunes/comments/"', status_code=422)
        self.assertRedirects(self.client.get("/articles/plums/comments/"), "/articles/prunes/#comments")

    def test_the_same_ref_at_both_addresses_is_one_comment(self) -> None:
        form = self.form()
        codes = [
            self.client.post(f"/api/articles/{slug}/comments/", form, "application/json").status_code
            for slug in ("plums", "prunes", "plums")
        ]
        self.assertEqual((codes, Comment.objects.count()), ([201, 200, 200], 2))

    def test_what_is_not_public_has_no_comments_at_either(self) -> None:
        Article.objects.update(status="draft")
        for slug in ("plums", "prunes"):
            with self.assertRaises(CommentError):
                get_thread_at("articles", slug)
            self.assertEqual(self.client.post(f"/articles/{slug}/comments/", self.form()).status_code, 404)

    def test_the_page_of_the_present_address_speaks_of_it_alone(self) -> None:
        page = self.client.get("/articles/plums/", follow=True)
        self.assertContains(page, 'data-key="prunes"')
        self.assertNotContains(page, "plums/")
