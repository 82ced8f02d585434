"""A login form or a logout button of a page that is out of date does what its user meant."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.test import Client, TestCase

STALE = "s" * 32
PASSWORDS = {"alice": "plum-stone", "bob": "pear-stalk"}


class StaleForms(TestCase):
    def setUp(self) -> None:
        self.alice = User.objects.create_user("alice", password=PASSWORDS["alice"])
        self.bob = User.objects.create_user("bob", password=PASSWORDS["bob"])
        self.browser = Client(enforce_csrf_checks=True)
        self.browser.get("/login/")

    def send(self, address: str, fields: dict[str, str], origin: str = "http://testserver") -> Any:
        return self.browser.post(address, {**fields, "csrfmiddlewaretoken": STALE}, HTTP_ORIGIN=origin)

    def log_in(self, name: str, password: str, **more: str) -> Any:
        return self.send("/login/", {"username": name, "password": password, "next": "/feed/"}, **more)

    def user(self) -> str | None:
        return self.browser.session.get("_auth_user_id")

    def test_the_button_logs_out_whoever_is_logged_in_now(self) -> None:
        self.browser.force_login(self.alice)
        self.assertEqual(self.send("/logout/", {}).status_code, 302)
        self.assertIsNone(self.user())
        self.assertEqual(self.send("/logout/", {}).status_code, 302)

    def test_the_form_logs_in_whoever_it_names(self) -> None:
        self.assertEqual(self.log_in("alice", "plum-stone").headers["Location"], "/feed/")
        self.assertEqual(self.user(), str(self.alice.pk))
        self.log_in("bob", "pear-stalk")
        self.assertEqual(self.user(), str(self.bob.pk))

    def test_a_wrong_password_changes_nothing(self) -> None:
        self.browser.force_login(self.alice)
        self.assertEqual(self.log_in("bob", "plum-stone").status_code, 200)
        self.assertEqual(self.user(), str(self.alice.pk))

    def test_another_site_can_do_neither(self) -> None:
        answer = self.log_in("bob", "pear-stalk", origin="https://evil.example")
        self.assertEqual((answer.status_code, self.user()), (403, None))
        self.browser.force_login(self.alice)
        self.assertEqual(self.send("/logout/", {}, origin="https://evil.example").status_code, 403)
        self.assertEqual(self.user(), str(self.alice.pk))

    def test_any_other_form_is_refused_as_ever(self) -> None:
        self.alice.is_staff = self.alice.is_superuser = True
        self.alice.save()
        self.browser.force_login(self.alice)
        self.assertEqual(self.send("/admin/auth/user/add/", {"username": "eve"}).status_code, 403)
