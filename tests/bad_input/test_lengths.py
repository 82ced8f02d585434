"""Whatever is too long is refused by its length, before its characters are looked at, and all is counted."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.bodies import LARGEST_BODY
from comments.errors import CommentError
from comments.names import check_name
from comments.rates import LOGINS_PER_ADDRESS
from comments.text import check_content
from realtime.cookies import without_costly_cookies
from tests.comments.cast import make_alice, make_article

# In the wrong order: to order them takes time that grows with the square of their number.
MARKS = "a" + "\u0315\u0300" * 35_000
QUICK = 0.05  # s of the processor's time


def cost_of(call: Callable[[], Any]) -> float:
    """The processor's time for a call, the least of three."""
    times = []
    for _ in range(3):
        began = time.thread_time()
        call()
        times.append(time.thread_time() - began)
    return min(times)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/login/", "/admin/login/"])
def test_a_name_of_140_kb_costs_nothing_and_is_counted(path: str, settings: Any) -> None:
    settings.COMMENTS_RATE_LIMITS = True
    client = Client()

    def log_in(username: str) -> str:
        return client.post(path, {"username": username, "password": "x"}).content.decode()

    assert cost_of(lambda: log_in(MARKS)) < QUICK
    for _ in range(int(LOGINS_PER_ADDRESS.capacity)):
        log_in(MARKS[:1000])
    assert "Too many attempts" in log_in("alice")


@pytest.mark.parametrize("check", [check_content, check_name])
def test_a_long_text_is_refused_unread(check: Callable[[str], str]) -> None:
    def refuse() -> None:
        with pytest.raises(CommentError) as refused:
            check(MARKS + "\x00")
        assert (refused.value.code, refused.value.reason) == (413, "too_long")

    assert cost_of(refuse) < QUICK / 5


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_refused_unread_on_every_form_and_call() -> None:
    make_article(make_alice())
    client = Client()
    about = ["articles", "plums"]
    forms = [reverse("comments:post", args=about), reverse("comments:preview", args=about), "/login/"]
    for form in forms:
        answer = client.post(form, {"content": "x" * LARGEST_BODY, "username": "x"})
        assert (answer.status_code, answer["Content-Type"]) == (413, "text/plain; charset=utf-8"), form
    calls = [reverse("comments:comments", args=about), reverse("comments:guest"), "/api/token/"]
    for call in calls:
        body = {"content": "x" * LARGEST_BODY, "ref": str(uuid.uuid4())}
        answer = client.post(call, body, "application/json")
        assert (answer.status_code, answer.json()["reason"]) == (413, "too_long"), call


def test_cookies_that_take_seconds_to_read_are_left_out() -> None:
    others = [(b"host", b"here"), (b"authorization", b"Token x")]
    costly = [(b"cookie", b'a="' + b"\\" * 15_000 + b'"'), (b"cookie", b'b="' + b"\\" * 15_000 + b'"')]
    quoted = [(b"cookie", rb'a="\"quoted\""; guest=eyJrZXk')]

    assert without_costly_cookies({"headers": others + costly}) == {"headers": others}
    assert without_costly_cookies({"headers": others + quoted}) == {"headers": others + quoted}
