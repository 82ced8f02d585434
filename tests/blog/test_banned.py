"""A person whose account was switched off is told so, wherever they look, and strangers are not."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.test import TestCase, override_settings

from comments.models import Comment
from tests.comments.cast import PASSWORD, make_alice, make_article, make_bob

SWITCHED_OFF = "This account was switched off."
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"  # a project's own settings may have it


class Banned(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        make_article(make_alice())

    def ban(self) -> None:
        User.objects.filter(pk=self.bob.pk).update(is_active=False)

    def log_in(self, path: str = "/login/", username: str = "bob", password: str = PASSWORD) -> Any:
        return self.client.post(path, {"username": username, "password": password})

    def form(self) -> Any:
        fields = {"content": "Ripe words.", "ref": str(uuid.uuid4()), "name": "Somebody Else"}
        return self.client.post("/articles/plums/comments/", fields)

    def check_refused(self) -> None:
        answer = self.form()
        self.assertContains(answer, SWITCHED_OFF, status_code=403)
        self.assertContains(answer, "Ripe words.", status_code=403)
        body = {"content": "Ripe.", "ref": str(uuid.uuid4())}
        refusal = self.client.post("/api/articles/plums/comments/", body, "application/json")
        self.assertEqual((refusal.status_code, refusal.json()["reason"]), (403, "banned"))
        self.assertEqual(Comment.objects.count(), 0)

    def test_the_page_says_so_where_it_would_ask_them_to_write_or_to_log_in(self) -> None:
        self.log_in()
        self.ban()
        page = self.client.get("/articles/plums/")
        self.assertContains(page, SWITCHED_OFF)
        self.assertNotContains(page, "Log in</a> to comment")
        self.assertRegex(page.text, r'<form class="composer[^>]* hidden')
        self.assertContains(page, 'data-guests="false"')

    def test_nothing_that_they_write_is_taken_under_another_name_either(self) -> None:
        self.log_in()
        self.ban()
        self.check_refused()

    def test_a_project_with_djangos_usual_backend_says_so_too(self) -> None:
        with override_settings(AUTHENTICATION_BACKENDS=[MODEL_BACKEND]):
            self.log_in()
            self.ban()
            self.check_refused()
            self.assertContains(self.client.get("/articles/plums/"), SWITCHED_OFF)

    def test_the_login_says_so_after_the_right_password(self) -> None:
        User.objects.filter(pk=self.bob.pk).update(is_staff=True)
        self.ban()
        for path in ("/login/", "/admin/login/"):
            with self.subTest(path):
                self.assertContains(self.log_in(path), SWITCHED_OFF)
                self.assertNotIn("_auth_user_id", self.client.session)

    def test_after_a_wrong_password_nobody_learns_anything(self) -> None:
        guesses = [("bob", "wrong"), ("nobody", "wrong")]
        before = [self.log_in(username=name, password=word).context["form"].errors for name, word in guesses]
        self.ban()
        for (name, word), errors in zip(guesses, before, strict=True):
            answer = self.log_in(username=name, password=word)
            self.assertEqual(answer.context["form"].errors, errors)
            self.assertNotContains(answer, SWITCHED_OFF)

    def test_who_logs_out_is_a_stranger(self) -> None:
        self.log_in()
        self.ban()
        self.client.post("/logout/")
        page = self.client.get("/articles/plums/")
        self.assertNotContains(page, SWITCHED_OFF)

    def test_a_session_of_a_former_password_is_nobodys(self) -> None:
        self.log_in()
        self.bob.set_password("another word")
        self.bob.save()
        self.ban()
        self.assertNotContains(self.client.get("/articles/plums/"), SWITCHED_OFF)
