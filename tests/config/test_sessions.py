"""A session cookie of junk names nobody, on every database."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string


@pytest.mark.parametrize("key", ["abcdefghij\x00k", "x" * 5000, "' OR 1=1 --"])
@pytest.mark.django_db
def test_a_junk_session_is_no_session(key: str) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = key
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("key", ["abcdefghij\x00k", "' OR 1=1 --", "ключключключ"])
def test_a_junk_key_is_dropped_before_any_database_sees_it(key: str) -> None:
    # PostgreSQL fails at a NUL and SQLite does not, so the answer of a page would show a failure on one only.
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    assert store(key).session_key is None
