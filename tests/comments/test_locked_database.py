"""A SQLite that another process has locked: the writer is refused as busy, and nothing is lost."""

import sqlite3
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from rest_framework.authtoken.models import Token

from comments.models import Comment
from tests.comments.cast import json_of, make_alice, make_article, make_bob, thread_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no such lock"),
]


@pytest.fixture
def impatient() -> Iterator[None]:
    """Wait only a short time for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")
    yield
    connection.close()


@pytest.mark.usefixtures("impatient")
def test_a_locked_database_is_answered_with_busy_and_a_retry_succeeds() -> None:
    article, bob = make_article(make_alice(), "plums"), make_bob()
    thread_of(article)
    headers = {"Authorization": f"Token {Token.objects.create(user=bob).key}"}
    body = {"content": "Once.", "ref": str(uuid.uuid4())}
    somebody = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)

    somebody.execute("BEGIN EXCLUSIVE")
    refused = Client().post("/api/articles/plums/comments/", body, "application/json", headers=headers)
    read = Client().get("/api/articles/plums/history/?after=0")
    somebody.execute("ROLLBACK")
    somebody.close()
    stored = Client().post("/api/articles/plums/comments/", body, "application/json", headers=headers)

    assert (refused.status_code, refused["Retry-After"]) == (503, "2")
    assert {"code": 503, "reason": "busy"}.items() <= json_of(refused).items()
    assert read.status_code == 200
    assert stored.status_code == 201
    assert Comment.objects.count() == 1


@pytest.mark.usefixtures("impatient")
def test_a_plain_form_gets_its_text_back_from_a_locked_database() -> None:
    article, bob = make_article(make_alice(), "plums"), make_bob()
    thread_of(article)
    client = Client()
    client.force_login(bob)
    somebody = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)

    somebody.execute("BEGIN EXCLUSIVE")
    form = {"content": "Not in vain.", "ref": str(uuid.uuid4())}
    refused = client.post("/articles/plums/comments/", form)
    somebody.execute("ROLLBACK")

    assert refused.status_code == 503
    assert "Not in vain." in refused.content.decode()
    assert client.post("/articles/plums/comments/", form).status_code == 302
    somebody.close()
