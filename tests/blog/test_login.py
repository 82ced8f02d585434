"""Logging in and out."""

import re
from typing import Any

from django.test import Client, TestCase

from tests.blog.cast import BENS_PASSWORD, make_article, make_ben
from tests.comments.cast import post

CREDENTIALS = {"username": "ben", "password": BENS_PASSWORD}


class Login(TestCase):
    def setUp(self) -> None:
        self.ben = make_ben()

    def test_it_returns_to_the_page_that_the_reader_came_from(self) -> None:
        self.assertContains(
            self.client.get("/tags/none/"), 'href="/login/?next=/tags/none/"', status_code=404
        )
        page = self.client.get("/login/?next=/articles/on-plums/")
        self.assertContains(page, '<input type="hidden" name="next" value="/articles/on-plums/">')
        response = self.client.post("/login/", CREDENTIALS | {"next": "/articles/on-plums/"})
        self.assertRedirects(response, "/articles/on-plums/", fetch_redirect_response=False)

    def test_a_refusal_does_not_say_whether_the_name_or_the_password_was_wrong(self) -> None:
        answers = [
            self.client.post("/login/", {"username": name, "password": "wrong"})
            .context["form"]
            .non_field_errors()
            for name in ("ben", "nobody")
        ]
        self.assertEqual(answers[0], answers[1])

    def test_after_a_wrong_password_the_password_is_typed_again(self) -> None:
        def focused(address: str, fields: dict[str, str] | None = None) -> list[str]:
            page = self.client.post(address, fields) if fields else self.client.get(address)
            fields_of = re.findall(r"<input[^>]*>", page.content.decode())
            return [re.findall(r'name="(\w+)"', field)[0] for field in fields_of if "autofocus" in field]

        for address in ("/login/", "/admin/login/"):
            with self.subTest(address):
                self.assertEqual(focused(address), ["username"])
                self.assertEqual(focused(address, {"username": "ben", "password": "wrong"}), ["password"])
                self.assertEqual(focused(address, {"username": "", "password": "wrong"}), ["username"])

    def test_logging_out_returns_to_the_page_that_the_reader_is_on(self) -> None:
        article = make_article(self.ben)
        for path in ("/", f"{article.get_absolute_url()}?sort=oldest"):
            self.client.force_login(self.ben)
            back = self.way_out(path)
            self.assertEqual(back, path)
            answer = self.client.post("/logout/", {"next": back})
            self.assertRedirects(answer, path)

    def test_logging_out_leads_to_no_page_that_is_not_there_for_who_is_logged_out(self) -> None:
        draft = make_article(self.ben, status="draft")
        self.ben.is_staff = self.ben.is_superuser = True
        self.ben.save()
        self.client.force_login(self.ben)
        for path in (draft.get_absolute_url(), "/none/"):
            self.assertEqual(self.client.get(path).status_code, 404 if path == "/none/" else 200)
            self.assertEqual(self.way_out(path), "/", path)
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.ben)
        self.assertEqual(self.way_out(page=strict.post("/admin/logout/")), "/")

    def test_logging_out_on_the_page_of_an_own_comment_leads_to_the_article(self) -> None:
        article = make_article(self.ben)
        pk = post(self.ben, article, "Mine.").pk
        self.client.force_login(self.ben)
        for page in ("edit", "delete", "react"):
            path = f"/articles/{article.slug}/comments/{pk}/{page}/"
            self.assertEqual(self.way_out(path), article.get_absolute_url())

    def test_logging_out_leads_to_no_other_site(self) -> None:
        self.client.force_login(self.ben)
        self.assertRedirects(self.client.post("/logout/", {"next": "//evil.example/"}), "/")

    def way_out(self, path: str = "", page: Any = None) -> str:
        """Where a page's button to log out leads to."""
        html = (page or self.client.get(path)).content.decode()
        form = html.partition('<form method="post" action="/logout/">')[2].partition("</form>")[0]
        return re.findall(r'name="next" value="([^"]*)"', form)[0]

    def test_logging_out_takes_a_post(self) -> None:
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get("/logout/").status_code, 405)
        self.assertContains(self.client.get("/"), '<form method="post" action="/logout/">')
        self.client.post("/logout/")
        self.assertNotIn("_auth_user_id", self.client.session)
