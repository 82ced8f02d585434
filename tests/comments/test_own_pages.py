"""Editing, deleting and reacting without JavaScript: a page that asks, and the way back to the comment."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client, TestCase, override_settings

from comments.authors import author_of_user
from comments.reactions import react
from comments.services import edit_comment, hide_comment, set_policy
from tests.comments.cast import make_alice, make_article, make_bob, post, thread_of

UP = "👍"
FORM = '<form method="post">'


class PagesOfAComment(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = make_alice(), make_bob()
        self.article = make_article(self.alice)
        self.comment = post(self.bob, self.article, "Hello.")
        self.thread = thread_of(self.article)
        self.client.force_login(self.bob)

    def at(self, page: str) -> str:
        return f"/articles/plums/comments/{self.comment.pk}/{page}/"

    def state(self) -> tuple[str, str, dict[str, int]]:
        self.comment.refresh_from_db()
        return self.comment.status, self.comment.content, self.comment.reactions


class Pages(PagesOfAComment):
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

    def test_a_closed_thread_offers_only_what_can_be_done_there(self) -> None:
        bob = author_of_user(self.bob)
        react(author=bob, thread=self.thread, comment_id=str(self.comment.pk), emoji=UP, on=True)
        set_policy(thread=self.thread, policy="closed")
        edit, own, others = (self.client.get(self.at(page)) for page in ("edit", "react", "delete"))
        self.assertContains(edit, "Comments are closed here.")
        self.assertNotContains(edit, "<textarea")
        self.assertContains(own, f'name="off" value="{UP}"')
        self.assertNotContains(own, 'name="on"')
        self.assertContains(others, FORM)
        self.client.post(self.at("react"), {"off": UP})
        self.assertEqual(self.state()[2], {})
        self.assertNotContains(self.client.get(self.at("react")), 'class="reaction')

    def test_what_may_not_be_edited_any_more_offers_no_form(self) -> None:
        page = self.article.get_absolute_url()
        self.assertContains(self.client.get(page), ">Edit</a>")
        with override_settings(COMMENTS_EDIT_WINDOW=0):
            self.assertNotContains(self.client.get(page), ">Edit</a>")
            edit = self.client.get(self.at("edit"))
        self.assertContains(edit, "The time to edit this comment is over.")
        self.assertNotContains(edit, "<textarea")

    def test_the_page_of_a_closed_thread_offers_no_way_to_be_refused(self) -> None:
        down, article = "🎉", self.article.get_absolute_url()
        for user, emoji in ((self.bob, UP), (self.alice, down)):
            author = author_of_user(user)
            react(author=author, thread=self.thread, comment_id=str(self.comment.pk), emoji=emoji, on=True)
        set_policy(thread=self.thread, policy="closed")
        html = self.client.get(article).content.decode().partition("<template")[0]
        self.assertNotIn(">Edit</a>", html)
        self.assertIn(">Delete</a>", html)
        self.assertEqual(re.findall(r'class="reaction-add"[^>]*>', html)[0].count(" hidden"), 1)
        buttons = dict(re.findall(r'data-emoji="(.)" ([^>]*)>', html))
        self.assertEqual(
            {emoji: "disabled" in rest for emoji, rest in buttons.items()}, {UP: False, down: True}
        )
        set_policy(thread=self.thread, policy="open")
        html = self.client.get(article).content.decode().partition("<template")[0]
        self.assertIn(">Edit</a>", html)
        self.assertNotIn(" disabled>", html.partition('class="comment-list"')[2])

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


class NothingTypedIsLost(PagesOfAComment):
    """Whatever became of the comment or of its author while the form was open, the words come back."""

    WORDS = "What I meant to say."

    def save(self, browser: Client | None = None, **headers: Any) -> Any:
        fields = {"content": self.WORDS, "version": 1, "csrfmiddlewaretoken": "s" * 32}
        headers = {"HTTP_ORIGIN": "http://testserver"} | headers
        return (browser or self.client).post(self.at("edit"), fields, **headers)

    def assertWords(self, answer: Any, status: int, said: str) -> None:
        self.assertContains(answer, f">{self.WORDS}</textarea>", status_code=status)
        self.assertContains(answer, said, status_code=status)
        self.assertEqual(self.state()[1], "Hello.")

    def strict(self, page: str = "edit") -> Client:
        """Bob's browser, in which a page was opened before the token was renewed in another tab."""
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(self.bob)
        browser.get(self.at(page))
        return browser

    def test_the_token_was_renewed(self) -> None:
        browser = self.strict()
        answer = self.save(browser)
        self.assertWords(answer, 403, "You have logged in or out")
        form = dict(re.findall(r'name="(\w+)" value="(\w+)"', answer.content.decode()))
        self.assertEqual(browser.post(self.at("edit"), {**form, "content": self.WORDS}).status_code, 302)
        self.assertEqual(self.state()[1], self.WORDS)

    def test_the_browser_keeps_no_cookies(self) -> None:
        self.assertWords(self.save(Client(enforce_csrf_checks=True)), 403, "sends this site no cookies")

    def test_the_token_of_a_button_was_renewed(self) -> None:
        for page, button in (("delete", "Delete</button>"), ("react", 'name="on"')):
            browser = self.strict(page)
            answer = browser.post(self.at(page), {"on": UP}, HTTP_ORIGIN="http://testserver")
            for said in ("You have logged in or out", button):
                self.assertContains(answer, said, status_code=403)
        self.assertEqual(self.state(), ("visible", "Hello.", {}))

    def test_its_author_has_logged_out_or_is_somebody_else_by_now(self) -> None:
        self.client.logout()
        self.assertWords(self.save(), 401, "Log in (in a new tab)")
        self.client.force_login(self.alice)
        self.assertWords(self.save(), 403, "Only who wrote a comment")

    def test_its_author_was_banned(self) -> None:
        self.bob.is_active = False
        self.bob.save()
        self.assertWords(self.save(), 403, "")

    def test_the_thread_was_closed(self) -> None:
        set_policy(thread=self.thread, policy="closed")
        self.assertWords(self.save(), 403, "Comments are closed here.")

    @override_settings(COMMENTS_EDIT_WINDOW=0)
    def test_the_time_is_over(self) -> None:
        self.assertWords(self.save(), 403, "The time to edit this comment is over.")

    def test_the_comment_is_gone(self) -> None:
        self.client.post(self.at("delete"))
        self.assertWords(self.save(), 404, "not there any more")
        hide_comment(comment=self.comment)
        self.assertWords(self.save(), 404, "not there any more")
        self.assertEqual(self.save(HTTP_ORIGIN="https://evil.example").status_code, 404)
        self.assertNotContains(self.save(HTTP_ORIGIN="null"), self.WORDS, status_code=404)

    def test_the_article_is_gone_for_an_edit_and_a_new_comment_alike(self) -> None:
        self.article.status = "draft"
        self.article.save()
        self.assertWords(self.save(), 404, "nothing to comment on")
        new = self.client.post(
            "/articles/plums/comments/", {"content": self.WORDS}, headers={"Origin": "http://testserver"}
        )
        self.assertWords(new, 404, "nothing to comment on")
