"""Editing, deleting, restoring and reacting over HTTP, and the former texts of a comment."""

import json
from typing import Any
from urllib.parse import quote

from django.contrib.auth.models import User
from django.test import Client, TestCase

from comments.services import delete_comment, edit_comment, hide_comment
from tests.comments.cast import author, make_alice, make_article, make_bob, make_mona, post

UP = "👍"


class OverHttp(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob, self.mona = make_alice(), make_bob(), make_mona()
        self.article = make_article(self.alice)
        self.comment = post(self.bob, self.article, "Hello.")
        self.as_bob = self.browser(self.bob)

    def browser(self, user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    def call(self, client: Client, method: str, path: str = "", body: Any = None) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        address = f"/api/articles/plums/comments/{self.comment.pk}/{path}"
        answer = client.generic(
            method, address, "" if body is None else json.dumps(body), content_type="application/json"
        )
        return answer.status_code, answer.json() if answer.content else None

    def refusal(self, *args: Any) -> tuple[int, str]:
        status, body = self.call(*args)
        return status, body["reason"]

    def test_an_edit_answers_with_the_comment(self) -> None:
        status, comment = self.call(self.as_bob, "PATCH", "", {"content": "*Bye.*", "version": 1})
        self.assertEqual((status, comment["html"]), (200, '<p dir="auto"><em>Bye.</em></p>\n'))
        self.assertEqual((comment["version"], comment["edited_by"]), (2, "author"))

    def test_a_stale_edit_is_answered_with_the_present_comment(self) -> None:
        edit_comment(comment=self.comment, content="Tamed.")
        status, body = self.call(self.as_bob, "PATCH", "", {"content": "Wild.", "version": 1})
        self.assertEqual((status, body["reason"]), (409, "stale"))
        self.assertEqual((body["comment"]["content"], body["comment"]["version"]), ("Tamed.", 2))
        self.assertEqual(body["comment"]["edited_by"], "moderator")

    def test_an_edit_meant_by_somebody_else_is_refused(self) -> None:
        body = {"content": "Bye.", "version": 1, "author": author(self.alice).key}
        self.assertEqual(self.refusal(self.as_bob, "PATCH", "", body), (401, "login_required"))

    def test_a_bad_edit_is_refused(self) -> None:
        for body, refusal in (
            ({"content": "x"}, (400, "bad_field")),
            ({"content": "x", "version": "new"}, (400, "bad_field")),
            ({"content": "x", "version": 0}, (400, "bad_field")),
            ({"content": "x", "version": 2**70}, (400, "bad_field")),
            ({"version": 1}, (400, "bad_field")),
            ({"content": 5, "version": 1}, (400, "bad_field")),
            ([], (400, "bad_field")),
            ({"content": " ", "version": 1}, (422, "blank")),
            ({"content": "x" * 5001, "version": 1}, (413, "too_long")),
        ):
            with self.subTest(body=str(body)[:40]):
                self.assertEqual(self.refusal(self.as_bob, "PATCH", "", body), refusal)

    def test_a_deletion_is_taken_back(self) -> None:
        self.assertEqual(self.call(self.as_bob, "DELETE"), (204, None))
        self.comment.refresh_from_db()
        self.assertEqual(self.comment.status, "deleted")
        status, comment = self.call(self.as_bob, "POST", "restore/")
        self.assertEqual((status, comment["content"]), (200, "Hello."))

    def test_reactions_are_put_and_deleted(self) -> None:
        place = f"reactions/{quote(UP)}/"
        for _ in range(2):
            status, body = self.call(self.as_bob, "PUT", place)
            told = {"type": "reaction", "id": str(self.comment.pk), "counts": {UP: 1}, "reaction_seq": 1}
            self.assertEqual((status, body), (200, told))
        for _ in range(2):
            status, body = self.call(self.as_bob, "DELETE", place)
            self.assertEqual((status, body["counts"], body["reaction_seq"]), (200, {}, 2))
        self.assertEqual(self.refusal(self.as_bob, "PUT", "reactions/x/"), (422, "bad_reaction"))

    def test_who_is_nobody_or_banned_is_told_so(self) -> None:
        calls = (
            ("PATCH", "", {"content": "Bye.", "version": 1}),
            ("DELETE", "", None),
            ("POST", "restore/", None),
            ("PUT", f"reactions/{quote(UP)}/", None),
            ("DELETE", f"reactions/{quote(UP)}/", None),
            ("GET", "revisions/", None),
        )
        for method, path, body in calls:
            with self.subTest(method=method, path=path):
                nobody = self.refusal(self.browser(None), method, path, body)
                self.assertEqual(nobody, (401, "login_required"))
        self.comment.refresh_from_db()
        self.assertEqual(
            (self.comment.status, self.comment.version, self.comment.reactions), ("visible", 1, {})
        )

    def test_a_request_that_another_site_may_have_forged_is_refused(self) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.bob)
        for method, path, body in (
            ("PATCH", "", {"content": "Bye.", "version": 1}),
            ("DELETE", "", None),
            ("POST", "restore/", None),
            ("PUT", f"reactions/{quote(UP)}/", None),
        ):
            self.assertEqual(self.refusal(strict, method, path, body), (403, "forbidden"))

    def test_a_method_that_a_call_does_not_have_is_refused(self) -> None:
        for method, path in (("PUT", ""), ("GET", "restore/"), ("POST", f"reactions/{quote(UP)}/")):
            self.assertEqual(self.refusal(self.as_bob, method, path), (405, "bad_method"))

    # Former texts

    def texts(self, user: User | None) -> Any:
        status, body = self.call(self.browser(user), "GET", "revisions/")
        return [each["content"] for each in body["results"]] if status == 200 else (status, body["reason"])

    def test_former_texts_are_for_the_author_and_moderators(self) -> None:
        self.call(self.as_bob, "PATCH", "", {"content": "Second.", "version": 1})
        edit_comment(comment=self.comment, content="Third.")
        for user in (self.bob, self.mona):
            self.assertEqual(self.texts(user), ["Third.", "Second.", "Hello."])
        self.assertEqual(self.texts(None), (401, "login_required"))
        self.assertEqual(self.texts(self.alice), (403, "forbidden"))
        _, body = self.call(self.as_bob, "GET", "revisions/")
        told = [(each["version"], each["edited_by"]) for each in body["results"]]
        self.assertEqual(told, [(3, "moderator"), (2, "author"), (1, None)])
        self.assertEqual(body["results"][2]["timestamp"][:19], self.comment.created_at.isoformat()[:19])

    def test_of_a_removed_comment_only_moderators_read_them(self) -> None:
        for remove in (hide_comment, delete_comment):
            remove(comment=self.comment)
            for user in (None, self.alice, self.bob):
                self.assertEqual(self.texts(user), (404, "not_found"))
            self.assertEqual(self.texts(self.mona), ["Hello."])
