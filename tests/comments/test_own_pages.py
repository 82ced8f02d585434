"""Editing, deleting and reacting without JavaScript: a page that asks, and the way back to the comment."""

from __future__ import annotations

from django.test import Client, TestCase

from comments.services import edit_comment, hide_comment
from tests.comments.cast import make_alice, make_article, make_bob, post

UP = "👍"
FORM = '<form method="post">'


class Pages(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = make_alice(), make_bob()
        self.article = make_article(self.alice)
        self.comment = post(self.bob, self.article, "Hello.")
        self.client.force_login(self.bob)

    def at(self, page: str) -> str:
        return f"/articles/plums/comments/{self.comment.pk}/{page}/"

    def state(self) -> tuple[str, str, dict[str, int]]:
        self.comment.refresh_from_db()
        return self.comment.status, self.comment.content, self.comment.reactions

    def test_a_get_only_asks(self) -> None:
        for page in ("edit", "delete", "restore", "react"):
            answer = self.client.get(f"{self.at(page)}?on={UP}&off={UP}&content=x&version=1")
            self.assertEqual(answer.status_code, 200)
            self.assertIn("no-store", answer["Cache-Control"])
            self.assertContains(answer, "Hello.")
        self.assertEqual(self.state(), ("visible", "Hello.", {}))

    def test_an_edit_leads_back_to_the_comment(self) -> None:
        answer = self.client.post(self.at("edit"), {"content": "Bye.", "version": 1})
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(answer["Location"], f"/articles/plums/comments/{self.comment.pk}/")
        self.assertEqual(self.state()[1], "Bye.")

    def test_a_stale_edit_shows_both_texts_and_may_be_sent_again(self) -> None:
        edit_comment(comment=self.comment, content="Tamed.")
        answer = self.client.post(self.at("edit"), {"content": "Wild.", "version": 1})
        self.assertEqual(answer.status_code, 409)
        self.assertContains(answer, '<p dir="auto">Tamed.</p>', status_code=409)
        self.assertContains(answer, ">Wild.</textarea>", status_code=409)
        self.assertContains(answer, '<input type="hidden" name="version" value="2">', status_code=409)

    def test_a_refused_edit_keeps_the_words(self) -> None:
        long = "x" * 5001
        answer = self.client.post(self.at("edit"), {"content": long, "version": 1})
        self.assertContains(answer, long, status_code=413)
        for version in ("", "x", "9" * 30):
            answer = self.client.post(self.at("edit"), {"content": "Bye.", "version": version})
            self.assertEqual(answer.status_code, 400)

    def test_a_deletion_offers_its_undoing(self) -> None:
        answer = self.client.post(self.at("delete"), follow=True)
        self.assertContains(answer, "Undo")
        self.assertEqual(self.state()[0], "deleted")
        answer = self.client.post(self.at("restore"))
        self.assertEqual(answer["Location"], f"/articles/plums/comments/{self.comment.pk}/")
        self.assertEqual(self.state()[0], "visible")

    def test_a_reaction_is_given_and_taken_back(self) -> None:
        self.client.post(self.at("react"), {"on": UP})
        self.assertEqual(self.state()[2], {UP: 1})
        self.assertContains(self.client.get(self.at("react")), 'name="off" value="👍" aria-pressed="true"')
        self.client.post(self.at("react"), {"off": UP})
        self.assertEqual(self.state()[2], {})
        self.assertEqual(self.client.post(self.at("react"), {"on": "x"}).status_code, 422)

    def test_of_somebody_elses_comment_only_reactions_are_offered(self) -> None:
        self.client.force_login(self.alice)
        for page in ("edit", "delete"):
            self.assertNotContains(self.client.get(self.at(page)), FORM)
            answer = self.client.post(self.at(page), {"content": "Bye.", "version": 1})
            self.assertEqual(answer.status_code, 403)
        self.assertContains(self.client.get(self.at("react")), 'name="on"')
        self.assertEqual(self.state(), ("visible", "Hello.", {}))

    def test_what_is_not_there_has_no_pages(self) -> None:
        hide_comment(comment=self.comment)
        for page in ("edit", "delete", "restore", "react"):
            for answer in (self.client.get(self.at(page)), self.client.post(self.at(page), {"on": UP})):
                self.assertEqual(answer.status_code, 404)

    def test_a_form_that_another_site_sends_is_refused(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.bob)
        for page in ("edit", "delete", "restore", "react"):
            self.assertEqual(strict.post(self.at(page), {"on": UP}).status_code, 403)
        self.assertEqual(self.state(), ("visible", "Hello.", {}))
