"""The description of the API is made once, and is the same for everybody who asks at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from config import api

JSON = "application/vnd.oai.openapi+json"
ADDRESS = "/api/schema/"


@pytest.fixture(autouse=True)
def _nothing_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_made", {})


def test_all_who_ask_at_once_get_the_same() -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: Client().get(ADDRESS, headers={"Accept": JSON}), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.content for answer in answers}) == 1
    assert "/api/guest/" in answers[0].json()["paths"]


@pytest.mark.parametrize("query", ["?version=%0ax", "?lang=../../x", "?format=json%00"])
def test_what_a_stranger_adds_makes_no_description_of_its_own(query: str) -> None:
    plain = Client().get(ADDRESS)
    answer = Client().get(f"{ADDRESS}{query}")
    assert answer.status_code in (200, 404)
    assert set(api._made.values()) == {plain.content}
