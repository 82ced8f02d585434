"""The form of a browser without JavaScript: pressed twice, gone back to, out of date, left for the login."""

from __future__ import annotations

import re
import uuid
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import User
from django.test import Client, TestCase, override_settings

from blog.models import Article
from comments.models import Comment
from comments.queries import get_thread
from comments.rates import Rate
from comments.services import set_policy

PAGE = "/articles/on-margins/"
POST, PREVIEW = f"{PAGE}comments/", f"{PAGE}comments/preview/"
WORD_OF_ALICE = "plum-stone"
ONCE = Rate(capacity=1, per_second=0.001)
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}


@override_settings(COMMENTS_RATE_LIMITS=False)
class PlainForm(TestCase):
    def setUp(self) -> None:
        self.alice = User.objects.create_user("alice", password=WORD_OF_ALICE)
        self.article = Article.objects.create(
            title="On Margins", slug="on-margins", body="Text.", author=self.alice, status="published"
        )
        self.browser = Client(enforce_csrf_checks=True)

    def fields(self, html: str | None = None) -> dict[str, str]:
        """What the form on a page sends if nothing is typed."""
        html = html or self.browser.get(PAGE).content.decode()
        form = html[html.index('<form class="composer') :]
        form = form[: form.index("</form>")]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        text = re.search(r"<textarea[^>]*>([^<]*)</textarea>", form)
        return {**hidden, "content": text[1] if text else ""}

    def send(self, fields: dict[str, str], *, to: str = POST, **headers: Any) -> Any:
        return self.browser.post(to, fields, **{**FROM_HERE, **headers})

    def texts(self) -> list[str]:
        return [comment.content for comment in Comment.objects.order_by("pk")]


class Repeated(PlainForm):
    def test_a_new_guests_double_click_is_one_comment_of_one_guest(self) -> None:
        form = {**self.fields(), "content": "Well said.", "name": "Maya"}
        first = self.send(form)
        # The second request left before the first one's answer: the guest's cookie was not there yet.
        del self.browser.cookies["guest"]
        second = self.send(form)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(self.texts(), ["Well said."])

    def test_post_back_post_is_one_comment_though_the_form_is_new(self) -> None:
        self.browser.force_login(self.alice)
        first = self.send({**self.fields(), "content": "Well said.\r\nYes."})
        second = self.send({**self.fields(), "content": "Well said.\r\nYes."})
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self.texts()), 1)

    def test_other_words_another_place_or_another_day_are_another_comment(self) -> None:
        self.browser.force_login(self.alice)
        self.send({**self.fields(), "content": "Yes."})
        first = Comment.objects.get()
        self.send({**self.fields(), "content": "Yes.", "parent": str(first.pk)})
        self.send({**self.fields(), "content": "Yes."})
        self.assertEqual(self.texts(), ["Yes."] * 3)
        Comment.objects.update(created_at="2020-01-01T00:00:00Z")
        self.send({**self.fields(), "content": "Yes."})
        self.assertEqual(self.texts(), ["Yes."] * 4)

    def test_a_form_that_was_kept_and_has_other_words_now_asks_first(self) -> None:
        self.browser.force_login(self.alice)
        form = self.fields()
        self.send({**form, "content": "Well said."})
        asked = self.send({**form, "content": "Well put."})
        self.assertContains(asked, "Post again", status_code=409)
        self.send({**self.fields(asked.content.decode()), "content": "Well put."})
        self.assertEqual(self.texts(), ["Well said.", "Well put."])


class OutOfDate(PlainForm):
    def test_a_token_renewed_elsewhere_brings_the_form_back_with_its_words(self) -> None:
        form = {**self.fields(), "content": "Well said.", "name": "Maya"}
        self.browser.force_login(self.alice)
        self.browser.cookies["csrftoken"] = "a" * 32
        answer = self.send(form)
        self.assertContains(answer, "You have logged in or out", status_code=403)
        again = self.fields(answer.content.decode())
        self.assertEqual((again["content"], again["ref"]), ("Well said.", form["ref"]))
        self.assertEqual(self.texts(), [])
        self.send(again)
        self.assertEqual(Comment.objects.get().author_name, "alice")

    def test_a_browser_without_cookies_is_told_so(self) -> None:
        form = {**self.fields(), "content": "Well said.", "name": "Maya"}
        self.browser.cookies.clear()
        self.assertContains(self.send(form), "sends this site no cookies", status_code=403)

    def test_another_sites_words_are_not_put_into_the_readers_mouth(self) -> None:
        form = {**self.fields(), "content": "Buy plums", "csrfmiddlewaretoken": "x"}
        for headers in (
            {"HTTP_ORIGIN": "https://evil.example"},
            {"HTTP_ORIGIN": "", "HTTP_SEC_FETCH_SITE": "cross-site"},
            {"HTTP_ORIGIN": "", "HTTP_REFERER": "http://[evil"},
            {"HTTP_ORIGIN": ""},
        ):
            answer = self.send(form, **headers)
            self.assertEqual(answer.status_code, 403)
            self.assertNotContains(answer, "Buy plums", status_code=403)

    def test_nothing_is_written_under_another_name_than_the_form_said(self) -> None:
        self.browser.force_login(self.alice)
        form = {**self.fields(), "content": "Well said."}
        self.browser.logout()
        self.browser.get(PAGE)
        self.send({**self.fields(), "content": "", "name": "Maya"})  # the browser knows a guest from now on
        form["csrfmiddlewaretoken"] = self.fields()["csrfmiddlewaretoken"]
        answer = self.send(form)
        self.assertContains(answer, 'Writing as <b dir="auto">Maya</b>', status_code=403)
        self.assertEqual(self.texts(), [])


class LeftForTheLogin(PlainForm):
    def test_what_was_typed_is_there_after_the_login_and_the_page_at_its_form(self) -> None:
        self.send({**self.fields(), "content": "First.", "name": "Maya"})
        parent = str(Comment.objects.get().pk)
        form = {**self.fields(), "content": "Half an answer", "parent": parent}
        answer = self.send({**form, "login": "on"})
        self.assertEqual(answer.headers["Location"], "/login/?next=/articles/on-margins/%23comment-form")
        login = self.browser.get(answer.headers["Location"]).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', login)
        assert token is not None
        fields = {"csrfmiddlewaretoken": token[1], "username": "alice", "password": WORD_OF_ALICE}
        back = self.send({**fields, "next": f"{PAGE}#comment-form"}, to="/login/")
        self.assertEqual(back.headers["Location"], f"{PAGE}#comment-form")
        form = self.fields()
        self.assertEqual((form["content"], form["parent"]), ("Half an answer", parent))
        self.send(form)
        self.assertEqual(Comment.objects.latest("pk").author_name, "alice")
        self.assertEqual(self.fields()["content"], "")

    def test_the_text_stays_with_its_thread(self) -> None:
        Article.objects.create(
            title="Quiet", slug="quiet", body="Text.", author=self.alice, status="published"
        )
        self.send({**self.fields(), "content": "Half a sent", "login": "on"})
        self.assertNotContains(self.browser.get("/articles/quiet/"), "Half a sent")

    @override_settings(COMMENTS_RATE_LIMITS=True)
    def test_nobody_fills_the_sessions(self) -> None:
        form = {**self.fields(), "content": "Half a sent", "login": "on"}
        with patch("comments.typed.TYPED_PER_ADDRESS", ONCE):
            self.assertEqual([self.send(form).status_code for _ in range(2)], [302, 429])


class Previewed(PlainForm):
    def test_the_form_comes_back_with_the_comment_as_it_would_look(self) -> None:
        form = {**self.fields(), "content": "So *very* <b>true</b>", "name": "Maya"}
        answer = self.send(form, to=PREVIEW)
        self.assertContains(answer, "So <em>very</em> &lt;b&gt;true&lt;/b&gt;</p>")
        self.assertContains(answer, 'value="Maya"')
        again = self.fields(answer.content.decode())
        self.assertEqual((again["ref"], self.texts()), (form["ref"], []))
        self.assertContains(
            self.send({**form, "content": " "}, to=PREVIEW), "Write something", status_code=422
        )
        self.assertRedirects(self.browser.get(PREVIEW), f"{PAGE}#comments", fetch_redirect_response=False)

    def test_a_closed_thread_has_none_and_keeps_the_words(self) -> None:
        form = {**self.fields(), "content": "Too late?"}
        set_policy(thread=get_thread(self.article), policy="closed")
        self.assertContains(self.send(form, to=PREVIEW), "Too late?", status_code=403)

    def test_over_the_api_it_takes_a_token_of_the_page(self) -> None:
        address = f"/api{PREVIEW}"
        body = {"content": "So *very* true", "ref": str(uuid.uuid4())}
        self.assertEqual(self.browser.post(address, body, "application/json").status_code, 403)
        headers: dict[str, Any] = {"HTTP_X_CSRFTOKEN": self.fields()["csrfmiddlewaretoken"]}
        answer = self.browser.post(address, body, "application/json", **headers)
        self.assertIn("So <em>very</em> true</p>", answer.json()["html"])
        with override_settings(COMMENTS_GUESTS=False):
            answer = self.browser.post(address, body, "application/json", **headers)
        self.assertEqual((answer.status_code, answer.json()["reason"]), (401, "login_required"))

    @override_settings(COMMENTS_RATE_LIMITS=True)
    def test_they_are_limited(self) -> None:
        self.browser.force_login(self.alice)
        form = {**self.fields(), "content": "So *very* true"}
        with patch("comments.previews.PREVIEWS_PER_AUTHOR", ONCE):
            answers = [self.send(form, to=PREVIEW) for _ in range(2)]
        self.assertEqual([answer.status_code for answer in answers], [200, 429])
        self.assertIn("Retry-After", answers[-1].headers)
