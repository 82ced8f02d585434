"""Who floods a thread is told to slow down, and nobody else pays for it."""

import time
import uuid
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client, TestCase, override_settings
from rest_framework.authtoken.models import Token

from comments import rates
from comments.errors import CommentError
from comments.models import Comment
from comments.queries import get_thread
from comments.rates import (
    COMMENTS_PER_ADDRESS,
    COMMENTS_PER_AUTHOR,
)
from comments.services import post_comment
from tests.comments.cast import GWEN, author, make_alice, make_article, make_bob, post

pytestmark = pytest.mark.usefixtures("stopped_clock")


class Floods(TestCase):
    def setUp(self) -> None:
        self.enterContext(override_settings(COMMENTS_RATE_LIMITS=True))
        self.bob = make_bob()
        self.article = make_article(make_alice())

    def test_a_flood_of_comments_is_refused_and_says_when_to_go_on(self) -> None:
        for n in range(int(COMMENTS_PER_AUTHOR.capacity)):
            post(self.bob, self.article, f"Number {n}.")
        with self.assertRaises(CommentError) as raised:
            post(self.bob, self.article)
        self.assertEqual((raised.exception.code, raised.exception.reason), (429, "rate_limited"))
        self.assertGreater(raised.exception.retry_after or 0, 0)
        post(GWEN, self.article)  # another author is not refused

    def test_it_goes_on_when_the_wait_is_over(self) -> None:
        for n in range(int(COMMENTS_PER_AUTHOR.capacity)):
            post(self.bob, self.article, f"Number {n}.")
        later = time.time() + 1 / COMMENTS_PER_AUTHOR.per_second
        with patch("time.time", lambda: later):
            post(self.bob, self.article, "At last.")

    def test_one_address_is_limited_whatever_names_it_gives(self) -> None:
        def from_one_address(n: int, content: str = "Hello.") -> None:
            guest = type(GWEN)(f"g{n:032}", f"Guest {n}", "guest")
            post(guest, self.article, content, address="192.0.2.7")

        for n in range(int(COMMENTS_PER_ADDRESS.capacity)):
            from_one_address(n)
        with self.assertRaises(CommentError):
            from_one_address(1000)
        post(GWEN, self.article, address="192.0.2.8")

    def test_one_ipv6_network_is_limited_as_one_address(self) -> None:
        def post_from(address: str, n: int) -> None:
            post(type(GWEN)(f"g{n:032}", f"Guest {n}", "guest"), self.article, address=address)

        for n in range(int(COMMENTS_PER_ADDRESS.capacity)):
            post_from(f"2001:db8::{n:x}", n)
        with self.assertRaises(CommentError):
            post_from("2001:db8::ffff", 1000)
        post_from("2001:db8:0:1::", 1001)

    def test_a_retry_of_what_is_stored_is_not_counted(self) -> None:
        ref = uuid.uuid4()
        for _ in range(3 * int(COMMENTS_PER_AUTHOR.capacity)):
            post_comment(author=author(self.bob), thread=get_thread(self.article), content="Once.", ref=ref)
        self.assertEqual(Comment.objects.count(), 1)

    def test_what_is_refused_for_its_text_is_not_counted(self) -> None:
        for _ in range(3 * int(COMMENTS_PER_AUTHOR.capacity)):
            with self.assertRaises(CommentError) as raised:
                post(self.bob, self.article, "")
            self.assertEqual(raised.exception.reason, "blank")
        post(self.bob, self.article)

    def test_the_setting_lifts_every_limit(self) -> None:
        with override_settings(COMMENTS_RATE_LIMITS=False):
            for n in range(2 * int(COMMENTS_PER_ADDRESS.capacity)):
                post(self.bob, self.article, f"Number {n}.", address="192.0.2.7")

    def test_over_http_the_answer_has_a_header_for_it(self) -> None:
        headers = {"Authorization": f"Token {Token.objects.create(user=self.bob).key}"}
        for n in range(int(COMMENTS_PER_AUTHOR.capacity) + 1):
            body = {"content": f"Number {n}.", "ref": str(uuid.uuid4())}
            answer = Client().post("/api/articles/plums/comments/", body, "application/json", headers=headers)
        self.assertEqual((answer.status_code, answer.json()["reason"]), (429, "rate_limited"))
        self.assertIn(answer["Retry-After"], ("1", "2"))
        self.assertGreater(answer.json()["retry_after"], 0)

    def test_names_are_limited_by_ipv6_network(self) -> None:
        form = {"content": "!", "ref": str(uuid.uuid4())}
        for n in range(int(rates.NAMES_PER_ADDRESS.capacity)):
            self.client.post("/articles/plums/comments/", form | {"name": ""}, REMOTE_ADDR=f"2001:db8::{n:x}")
        self.client.get("/articles/plums/")
        csrf = {"X-CSRFToken": self.client.cookies["csrftoken"].value}
        posted = self.client.post(
            "/articles/plums/comments/", form | {"name": "Zoe"}, REMOTE_ADDR="2001:db8::f"
        )
        named = self.client.post(
            "/api/guest/", {"name": "Zoe"}, "application/json", headers=csrf, REMOTE_ADDR="2001:db8::f"
        )
        self.assertEqual((posted.status_code, named.status_code), (429, 429))

    def test_names_and_logins_are_limited_by_address(self) -> None:
        for rate in (rates.NAMES_PER_ADDRESS, rates.LOGINS_PER_ADDRESS):
            self.assertLessEqual(rate.per_second, 1)
        newcomers = int(rates.NAMES_PER_ADDRESS.capacity)
        codes = [self.name(Client(), f"Guest {n}").status_code for n in range(newcomers)]
        refused = self.name(Client(), "One Too Many")
        self.assertEqual((set(codes), refused.status_code), ({200}, 429))
        self.assertIn("Many people are writing from your network.", refused.json()["message"])

    def test_a_guest_who_takes_name_after_name_keeps_no_newcomer_out(self) -> None:
        client = Client()
        codes = [self.name(client, f"Guest {n}").status_code for n in range(20)]
        self.assertEqual(codes, [200] * 11 + [429] * 9)
        self.assertEqual(self.name(Client(), "Newcomer").status_code, 200)

    def test_guests_who_are_made_up_keep_no_member_from_writing(self) -> None:
        for n in range(int(COMMENTS_PER_ADDRESS.capacity)):
            post(type(GWEN)(f"g{n:032}", f"Guest {n}", "guest"), self.article, address="192.0.2.7")
        with self.assertRaises(CommentError) as raised:
            post(GWEN, self.article, address="192.0.2.7")
        self.assertIn("Many people are writing", raised.exception.message)
        post(self.bob, self.article, address="192.0.2.7")

    @staticmethod
    def name(client: Client, name: str) -> Any:
        client.get("/articles/plums/")
        csrf = {"X-CSRFToken": client.cookies["csrftoken"].value}
        return client.post("/api/guest/", {"name": name}, "application/json", headers=csrf)
