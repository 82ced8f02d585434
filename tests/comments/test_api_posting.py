"""Posting over HTTP: by token, by session, and as a guest; forged and broken requests are refused."""

import json
import uuid
from typing import Any

from django.test import Client, TestCase, override_settings
from rest_framework.authtoken.models import Token

from comments.models import Comment
from tests.comments.cast import PASSWORD, json_of, make_alice, make_article, make_bob

ADDRESS = "/api/articles/plums/comments/"


class Browser:
    """A browser that has the site's CSRF token; the test client enforces it here."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.client.get("/articles/plums/")
        self.csrf = {"X-CSRFToken": self.client.cookies["csrftoken"].value}

    def post(self, address: str, body: Any, *, csrf: bool = True) -> Any:
        headers = self.csrf if csrf else {}
        return self.client.post(address, body, "application/json", headers=headers)


def comment(**fields: Any) -> dict[str, Any]:
    return {"content": "Hello.", "ref": str(uuid.uuid4()), **fields}


class Posting(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.token = {"Authorization": f"Token {Token.objects.create(user=self.bob).key}"}

    def refused(self, answer: Any, code: int, reason: str) -> None:
        """Check an error's shape, and that nothing was stored."""
        body = json_of(answer)
        self.assertEqual((answer.status_code, body["code"], body["reason"]), (code, code, reason))
        self.assertTrue(body["message"])
        self.assertLessEqual(set(body), {"code", "reason", "message", "retry_after"})
        self.assertEqual(Comment.objects.count(), 0)

    def post(self, body: Any, **headers: str) -> Any:
        return Client().post(ADDRESS, body, "application/json", headers=self.token | headers)

    def test_a_script_posts_with_its_token(self) -> None:
        answer = self.post(comment(content="*Ripe.*"))
        self.assertEqual(answer.status_code, 201)
        body = answer.json()
        self.assertEqual(
            (body["user"], body["status"], body["html"]),
            ("bob", "visible", '<p dir="auto"><em>Ripe.</em></p>\n'),
        )
        self.assertEqual(body["id"], str(Comment.objects.get().pk))

    def test_a_repeated_ref_is_answered_with_200_and_the_same_comment(self) -> None:
        body = comment()
        first, second = self.post(body), self.post(body)
        self.assertEqual((first.status_code, second.status_code), (201, 200))
        self.assertEqual(first.json(), second.json())

    def test_what_a_client_says_of_itself_is_ignored(self) -> None:
        claims = {
            "user": "alice",
            "seq": 99,
            "status": "hidden",
            "timestamp": "1999-01-01",
            "role": "author",
            "id": "7",
        }
        body = self.post(comment(**claims)).json()
        self.assertEqual((body["user"], body["status"], body["role"]), ("bob", "visible", "member"))
        self.assertEqual(Comment.objects.get().seq, 1)

    def test_the_services_refusals_arrive_in_their_words(self) -> None:
        for fields, code, reason in (
            ({"content": " \u200b"}, 422, "blank"),
            ({"content": "x" * 5001}, 413, "too_long"),
            ({"content": "a\x00b"}, 400, "bad_field"),
            ({"content": "\ud800"}, 400, "bad_field"),
            ({"content": 5}, 400, "bad_field"),
            ({"content": None}, 400, "bad_field"),
            ({"ref": "mine"}, 400, "bad_field"),
            ({"ref": None}, 400, "bad_field"),
            ({"ref": 10**50}, 400, "bad_field"),
            ({"parent": "12345"}, 422, "bad_parent"),
            ({"parent": "x"}, 422, "bad_parent"),
            ({"parent": 12345}, 400, "bad_field"),
            ({"parent": ["1"]}, 400, "bad_field"),
            ({"author": 7}, 400, "bad_field"),
            ({"author": "u0"}, 401, "login_required"),
            ({"author": ""}, 401, "login_required"),
        ):
            with self.subTest(fields=fields):
                self.refused(self.post(json.dumps(comment(**fields))), code, reason)

    def test_a_body_that_is_no_json_object_is_refused(self) -> None:
        for body, reason in (
            ("", "bad_field"),
            ("{", "bad_json"),
            ("[]", "bad_field"),
            ("7", "bad_field"),
            ("null", "bad_field"),
            ("NaN", "bad_json"),
            ('"text"', "bad_field"),
            ('{"content": ' + "9" * 10_000 + "}", "bad_json"),
            ("[" * 100_000, "bad_json"),
            (b"\xff\xfe", "bad_json"),
            ("{}", "bad_field"),
        ):
            with self.subTest(body=body[:20]):
                self.refused(self.post(body), 400, reason)

    def test_another_kind_of_body_is_refused(self) -> None:
        answer = Client().post(ADDRESS, comment(), headers=self.token)
        self.refused(answer, 415, "bad_type")

    def test_a_large_body_is_refused(self) -> None:
        for body in (json.dumps(comment(content="x" * 3_000_000)), json.dumps(comment(junk="x" * 3_000_000))):
            self.refused(self.post(body), 413, "too_long")

    def test_a_token_that_is_not_one_is_refused(self) -> None:
        for key in ("Token 0000", "Token", "Token a b", "Token \x00", "Token é"):
            with self.subTest(key=key):
                self.refused(self.post(comment(), Authorization=key), 401, "bad_token")

    def test_a_banned_users_token_is_refused(self) -> None:
        type(self.bob).objects.update(is_active=False)
        self.refused(self.post(comment()), 403, "banned")

    def test_nobody_is_asked_to_log_in(self) -> None:
        self.refused(Client().post(ADDRESS, comment(), "application/json"), 401, "login_required")

    def test_an_article_that_is_not_there_is_no_page(self) -> None:
        make_article(self.bob, "draft", status="draft")
        for slug in ("draft", "nothing-here"):
            answer = Client().post(
                f"/api/articles/{slug}/comments/", comment(), "application/json", headers=self.token
            )
            self.refused(answer, 404, "not_found")

    def test_other_methods_are_refused(self) -> None:
        for method in ("put", "patch", "delete"):
            answer = getattr(Client(), method)(ADDRESS, comment(), "application/json", headers=self.token)
            self.refused(answer, 405, "bad_method")


class Sessions(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())
        self.browser = Browser()

    def test_a_reader_who_is_logged_in_posts(self) -> None:
        self.browser.client.login(username="bob", password=PASSWORD)
        self.assertEqual(self.browser.post(ADDRESS, comment()).status_code, 201)

    def test_a_comment_is_not_posted_as_somebody_who_logged_in_since(self) -> None:
        self.browser.client.login(username="bob", password=PASSWORD)
        key = f"u{self.bob.pk}"
        self.assertEqual(self.browser.post(ADDRESS, comment(author=key)).status_code, 201)
        self.browser.client.login(username="alice", password=PASSWORD)
        answer = self.browser.post(ADDRESS, comment(author=key))
        self.assertEqual((answer.status_code, answer.json()["reason"]), (401, "login_required"))
        self.browser.client.logout()
        answer = self.browser.post(ADDRESS, comment(author=key))
        self.assertEqual((answer.status_code, answer.json()["reason"]), (401, "login_required"))
        self.assertEqual(Comment.objects.count(), 1)

    def test_without_a_csrf_token_the_request_may_be_another_sites(self) -> None:
        self.browser.client.login(username="bob", password=PASSWORD)
        answer = self.browser.post(ADDRESS, comment(), csrf=False)
        self.assertEqual((answer.status_code, answer.json()["reason"]), (403, "forbidden"))
        self.assertEqual(Comment.objects.count(), 0)

    def test_somebody_banned_a_second_ago_is_told_so(self) -> None:
        self.browser.client.login(username="bob", password=PASSWORD)
        type(self.bob).objects.update(is_active=False)
        answer = self.browser.post(ADDRESS, comment())
        self.assertEqual((answer.status_code, answer.json()["reason"]), (403, "banned"))


class Me(TestCase):
    """Who the reader of a page is, for pages that have no socket to say it."""

    def test_it_is_whoever_the_session_the_token_or_the_cookie_names(self) -> None:
        bob = make_bob()
        bob_is = {"user": {"id": f"u{bob.pk}", "name": "bob", "role": "member"}}
        make_article(make_alice())
        browser = Browser()
        token = Token.objects.create(user=bob).key
        with_token = Client().get("/api/me/", headers={"Authorization": f"Token {token}"})
        self.assertEqual(with_token.json(), bob_is)
        self.assertEqual(browser.client.get("/api/me/").json(), {"user": None})
        gwen = browser.post("/api/guest/", {"name": "Gwen"}).json()
        self.assertEqual(browser.client.get("/api/me/").json(), {"user": gwen})
        browser.client.login(username="bob", password=PASSWORD)
        answer = browser.client.get("/api/me/")
        self.assertEqual(answer.json(), bob_is)
        self.assertEqual(answer["Cache-Control"], "no-store")

    def test_it_is_two_queries_for_a_user_and_none_for_an_anonymous_reader(self) -> None:
        make_bob()
        client = Client()
        client.login(username="bob", password=PASSWORD)
        with self.assertNumQueries(2):  # the session, the user
            client.get("/api/me/")
        with self.assertNumQueries(0):
            Client().get("/api/me/")


class Guests(TestCase):
    def setUp(self) -> None:
        self.article = make_article(make_alice())
        self.browser = Browser()

    def test_a_guest_gives_a_name_and_posts(self) -> None:
        person = self.browser.post("/api/guest/", {"name": " Gwen  Stefan "})
        self.assertEqual(person.status_code, 200)
        self.assertEqual((person.json()["name"], person.json()["role"]), ("Gwen Stefan", "guest"))
        answer = self.browser.post(ADDRESS, comment())
        self.assertEqual(answer.status_code, 201)
        self.assertEqual(
            (answer.json()["user"], answer.json()["user_id"]), ("Gwen Stefan", person.json()["id"])
        )
        self.assertEqual(answer.json()["role"], "guest")

    def test_the_cookie_is_not_for_scripts_nor_for_other_sites(self) -> None:
        self.browser.post("/api/guest/", {"name": "Gwen"})
        cookie = self.browser.client.cookies["guest"]
        self.assertEqual((cookie["httponly"], cookie["samesite"]), (True, "Lax"))

    def test_over_https_the_cookie_is_one_that_no_neighbouring_host_can_set(self) -> None:
        with self.settings(SESSION_COOKIE_SECURE=True):
            self.browser.post("/api/guest/", {"name": "Gwen"})
            cookie = self.browser.client.cookies["__Host-guest"]
            self.assertEqual((cookie["secure"], cookie["path"], cookie["domain"]), (True, "/", ""))
            self.assertEqual(self.browser.client.get("/api/me/").json()["user"]["name"], "Gwen")
            # A name that a neighbouring host can set says nothing.
            self.browser.client.cookies["guest"] = self.browser.client.cookies.pop("__Host-guest").value
            self.assertIsNone(self.browser.client.get("/api/me/").json()["user"])

    def test_a_guest_who_takes_another_name_stays_the_same_person(self) -> None:
        first = self.browser.post("/api/guest/", {"name": "Gwen"}).json()
        second = self.browser.post("/api/guest/", {"name": "Gwendolyn"}).json()
        self.assertEqual((first["id"], second["name"]), (second["id"], "Gwendolyn"))

    def test_without_a_csrf_token_the_request_may_be_another_sites(self) -> None:
        self.assertEqual(self.browser.post("/api/guest/", {"name": "Gwen"}, csrf=False).status_code, 403)
        self.assertNotIn("guest", self.browser.client.cookies)
        self.browser.post("/api/guest/", {"name": "Gwen"})
        answer = self.browser.post(ADDRESS, comment(), csrf=False)
        self.assertEqual((answer.status_code, answer.json()["reason"]), (403, "forbidden"))
        self.assertEqual(Comment.objects.count(), 0)

    def test_a_cookie_that_was_tampered_with_names_nobody(self) -> None:
        self.browser.post("/api/guest/", {"name": "Gwen"})
        genuine = self.browser.client.cookies["guest"].value
        for cookie in ("", "junk", genuine[:-1], "x" + genuine, genuine + "x", '{"key":"u1","name":"alice"}'):
            with self.subTest(cookie=cookie):
                self.browser.client.cookies["guest"] = cookie
                answer = self.browser.post(ADDRESS, comment())
                self.assertEqual((answer.status_code, answer.json()["reason"]), (401, "login_required"))

    def test_a_name_that_is_refused_is_refused_in_words(self) -> None:
        for name, code, reason in (
            ("", 422, "blank"),
            ("\u200b", 422, "blank"),
            ("x" * 41, 413, "too_long"),
            ("ALICE", 409, "name_taken"),
            ("a\x00", 400, "bad_field"),
            (7, 400, "bad_field"),
        ):
            with self.subTest(name=name):
                answer = self.browser.post("/api/guest/", {"name": name})
                self.assertEqual((answer.status_code, answer.json()["reason"]), (code, reason))
                self.assertNotIn("guest", self.browser.client.cookies)

    def test_where_guests_are_not_welcome_their_cookie_is_worth_nothing(self) -> None:
        self.browser.post("/api/guest/", {"name": "Gwen"})
        with override_settings(COMMENTS_GUESTS=False):
            for answer in (
                self.browser.post(ADDRESS, comment()),
                self.browser.post("/api/guest/", {"name": "Gwen"}),
            ):
                self.assertEqual((answer.status_code, answer.json()["reason"]), (401, "login_required"))
