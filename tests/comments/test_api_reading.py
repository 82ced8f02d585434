"""The API's other answers: tokens, articles, the schema, and addresses that are no call."""

import uuid
from datetime import timedelta
from io import StringIO

import yaml
from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone
from rest_framework.authtoken.models import Token

from comments.services import hide_comment
from tests.comments.cast import PASSWORD, make_alice, make_article, make_bob, post


class Tokens(TestCase):
    def ask(self, username: object = "bob", password: object = PASSWORD) -> tuple[int, dict[str, str]]:
        answer = self.client.post(
            "/api/token/", {"username": username, "password": password}, "application/json"
        )
        return answer.status_code, answer.json()

    def setUp(self) -> None:
        self.bob = make_bob()

    def test_name_and_password_give_a_token_always_the_same(self) -> None:
        code, body = self.ask()
        self.assertEqual((code, body["token"]), (200, Token.objects.get(user=self.bob).key))
        self.assertEqual(self.ask(), (200, body))

    def test_a_wrong_password_and_an_unknown_name_are_refused_alike(self) -> None:
        code, body = self.ask(password="wrong")  # noqa: S106 - wrong on purpose
        self.assertEqual((code, body["code"], body["reason"]), (401, 401, "bad_credentials"))
        self.assertEqual(self.ask(username="nobody"), (code, body))

    def test_somebody_banned_is_told_so(self) -> None:
        type(self.bob).objects.update(is_active=False)
        code, body = self.ask()
        self.assertEqual((code, body["reason"]), (403, "banned"))

    def test_junk_is_refused(self) -> None:
        junk: list[object] = ["", None, [], {}, "a\x00b", "\ud800"]
        for name in junk:
            with self.subTest(name=name):
                code, body = self.ask(username=name)
                self.assertEqual((code, body["reason"]), (400, "bad_field"))


class Articles(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = make_alice(), make_bob()
        self.plums = make_article(self.alice, "plums", published_at=timezone.now() - timedelta(days=2))
        self.pears = make_article(self.alice, "pears", published_at=timezone.now() - timedelta(days=1))
        make_article(self.alice, "draft", status="draft")
        make_article(self.alice, "tomorrows", published_at=timezone.now() + timedelta(days=1))
        post(self.bob, self.plums)
        hide_comment(comment=post(self.bob, self.plums))

    def test_the_published_ones_are_listed_newest_first_with_their_visible_comments_counted(self) -> None:
        body = self.client.get("/api/articles/").json()
        self.assertEqual(
            [(a["slug"], a["comment_count"]) for a in body["results"]], [("pears", 0), ("plums", 1)]
        )
        self.assertEqual((body["count"], body["next"]), (2, None))

    def test_one_has_its_text_as_well(self) -> None:
        body = self.client.get("/api/articles/plums/").json()
        self.assertEqual((body["slug"], body["author"], body["comment_count"]), ("plums", "alice", 1))
        self.assertEqual((body["url"], body["body_html"]), ("/articles/plums/", "<p>Ripe.</p>\n"))

    def test_drafts_do_not_exist_for_anybody_here(self) -> None:
        self.alice.is_staff = self.alice.is_superuser = True
        self.alice.save()
        self.client.force_login(self.alice)
        for slug in ("draft", "tomorrows", "nothing-here"):
            answer = self.client.get(f"/api/articles/{slug}/")
            self.assertEqual((answer.status_code, answer["Content-Type"]), (404, "application/json"))
            self.assertEqual(answer.json()["reason"], "not_found")

    def test_the_list_is_three_queries_whatever_its_length_and_an_article_two(self) -> None:
        for n in range(15):
            make_article(self.alice, f"more-{n}")
        with self.assertNumQueries(3):  # their number, the articles with authors, the threads' counts
            self.client.get("/api/articles/")
        with self.assertNumQueries(2):  # the article with its author, the thread's count
            self.client.get("/api/articles/plums/")

    def test_the_pages_go_on_and_end(self) -> None:
        for n in range(20):
            make_article(self.alice, f"more-{n}")
        first = self.client.get("/api/articles/").json()
        second = self.client.get(first["next"]).json()
        slugs = [article["slug"] for article in first["results"] + second["results"]]
        self.assertEqual((len(slugs), len(set(slugs)), second["next"]), (22, 22, None))
        answer = self.client.get("/api/articles/?page=junk")
        self.assertEqual((answer.status_code, answer.json()["reason"]), (404, "not_found"))


class Schema(TestCase):
    def test_it_is_valid_and_describes_everything(self) -> None:
        schema = StringIO()
        call_command("spectacular", "--validate", "--fail-on-warn", stdout=schema)
        described = yaml.safe_load(schema.getvalue())
        self.assertEqual(
            set(described["paths"]),
            {
                f"/api/{path}/"
                for path in (
                    "token",
                    "guest",
                    "me",
                    "articles",
                    "articles/{slug}",
                    "{collection}/{key}/comments",
                    "{collection}/{key}/comments/{id}",
                    "{collection}/{key}/comments/{id}/replies",
                    "{collection}/{key}/comments/{id}/reactions/{emoji}",
                    "{collection}/{key}/comments/{id}/restore",
                    "{collection}/{key}/comments/{id}/revisions",
                    "{collection}/{key}/comments/preview",
                    "{collection}/{key}/history",
                    "{collection}/{key}/read",
                    "{collection}/{key}/since",
                    "{collection}/{key}/verify",
                )
            },
        )
        self.assertIn("from", described["components"]["schemas"]["History"]["properties"])
        query = described["paths"]["/api/{collection}/{key}/history/"]["get"]["parameters"]
        [wait] = [field for field in query if field["name"] == "wait"]
        self.assertEqual((wait["schema"]["minimum"], wait["schema"]["maximum"]), (0, 25))

    def test_it_is_served(self) -> None:
        answer = self.client.get("/api/schema/")
        self.assertEqual(
            (answer.status_code, answer["Content-Type"].partition(";")[0]),
            (200, "application/vnd.oai.openapi"),
        )


class OtherAddresses(TestCase):
    def test_what_is_no_call_is_told_so_in_json(self) -> None:
        for address in (
            "/api/nothing/",
            "/api/articles/no slug/",
            "/api/articles/a/b/c/",
            "/api/%0A/",
            "/api/é/",
        ):
            for method in ("get", "post", "delete"):
                with self.subTest(address=address, method=method):
                    answer = getattr(self.client, method)(address)
                    self.assertEqual((answer.status_code, answer["Content-Type"]), (404, "application/json"))
                    self.assertEqual(answer.json()["reason"], "not_found")

    def test_a_slash_that_was_forgotten_is_put_there(self) -> None:
        self.assertRedirects(
            self.client.get("/api/articles"), "/api/articles/", 301, fetch_redirect_response=False
        )


class NobodyTests(TestCase):
    """A project may have DRF say None for nobody."""

    def test_a_stranger_may_read_and_is_asked_for_a_name_before_writing(self) -> None:
        make_article(make_alice())
        comments = "/api/articles/plums/comments/"
        body = {"content": "Hello.", "ref": str(uuid.uuid4())}
        with override_settings(REST_FRAMEWORK={"UNAUTHENTICATED_USER": None, "UNAUTHENTICATED_TOKEN": None}):
            self.assertEqual(self.client.get(comments).status_code, 200)
            self.assertEqual(self.client.get("/api/me/").json(), {"user": None})
            self.assertEqual(self.client.post(comments, body, "application/json").status_code, 401)
