"""Whose page may open a socket, as Django's own settings say it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import SimpleTestCase, override_settings

from realtime.origin import is_own, request_of, shows_cookies

LOOKALIKES = [
    "http://friend.example",
    "https://friend.example:8443",
    "https://a.friends.example",
    "http://a.friends.example:8443",
    "https://friends.example.evil.com:8443",
    "https://evilfriends.example:8443",
    "https://[evil",
    "null",
    "",
]


def handshake(host: str = "good.example", **more: Any) -> dict[str, Any]:
    headers = [(b"host", host.encode()), *more.pop("headers", [])]
    return {"type": "websocket", "path": "/ws/", "query_string": b"", "headers": headers, **more}


def may_come(origin: str, **scope: Any) -> bool:
    return is_own(origin, request_of(handshake(**scope)))


@override_settings(ALLOWED_HOSTS=["good.example"], CSRF_TRUSTED_ORIGINS=[], DEBUG=False)
class TheHostThatWasAsked(SimpleTestCase):
    def test_it_is_own_with_the_scheme_that_was_used(self) -> None:
        assert may_come("http://good.example", scheme="ws")
        assert not may_come("https://good.example", scheme="ws")
        assert may_come("https://good.example", scheme="wss")
        assert not may_come("http://good.example", scheme="wss")
        assert may_come("http://good.example")  # Daphne says no scheme

    def test_its_port_counts(self) -> None:
        assert may_come("http://good.example:8000", host="good.example:8000")
        assert not may_come("http://good.example", host="good.example:8000")
        assert not may_come("http://good.example:8000")

    def test_letters_of_either_size_are_the_same(self) -> None:
        assert may_come("HTTP://Good.Example", host="GOOD.example")

    def test_it_has_to_be_one_of_the_projects(self) -> None:
        assert not may_come("http://evil.example", host="evil.example")

    def test_two_are_none(self) -> None:
        assert not may_come("http://good.example", headers=[(b"host", b"good.example")])

    @override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
    def test_a_header_that_the_project_trusts_says_the_scheme(self) -> None:
        assert may_come("https://good.example", headers=[(b"x-forwarded-proto", b"https")])

    @override_settings(ALLOWED_HOSTS=[], DEBUG=True)
    def test_for_development_it_is_this_machine(self) -> None:
        assert may_come("http://localhost:8000", host="localhost:8000")
        assert not may_come("http://evil.example", host="evil.example")


@override_settings(
    ALLOWED_HOSTS=["good.example"],
    CSRF_TRUSTED_ORIGINS=["https://friend.example", "https://*.friends.example:8443"],
)
class TheOriginsThatAProjectTrusts(SimpleTestCase):
    def test_they_are_own(self) -> None:
        for origin in ("https://friend.example", "https://a.friends.example:8443"):
            assert may_come(origin), origin

    def test_what_only_looks_like_them_is_not(self) -> None:
        for origin in LOOKALIKES:
            assert not may_come(origin), origin


@override_settings(ALLOWED_HOSTS=["good.example"], CSRF_TRUSTED_ORIGINS=[])
@pytest.mark.parametrize(
    ("kind", "origin", "counts"),
    [
        ("websocket", None, False),
        ("websocket", b"http://good.example", True),
        ("websocket", b"http://evil.example", False),
        ("http", None, True),
        ("http", b"http://good.example", True),
        ("http", b"http://evil.example", False),
    ],
)
def test_cookies_count_where_a_page_of_ours_sent_them(kind: str, origin: bytes | None, counts: bool) -> None:
    headers = [] if origin is None else [(b"origin", origin)]

    assert shows_cookies(request_of(handshake(type=kind, headers=headers))) is counts
