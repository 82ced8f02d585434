"""Bad requests and their answers, on both servers."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable

import httpx
import pytest

from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.services.site import DEMO_PASSWORD

COMMENTS, HISTORY = "/api/articles/{slug}/comments/", "/api/articles/{slug}/history/"
CURSOR = base64.urlsafe_b64encode(b"newest:after:9999999999999999999999").decode()

GETS: dict[str, tuple[str, int, str]] = {
    "a cursor of junk": (f"{COMMENTS}?cursor=junk", 400, "bad_field"),
    "a cursor that nobody was given": (f"{COMMENTS}?cursor={CURSOR}", 400, "bad_field"),
    "a cursor and a comment": (f"{COMMENTS}?cursor=junk&around=1", 400, "bad_field"),
    "since a negative number": ("/api/articles/{slug}/since/?seq=-1", 400, "bad_field"),
    "since an epoch of any length": (f"/api/articles/{{slug}}/since/?epoch={'x' * 65}", 400, "bad_field"),
    "since, of a draft": ("/api/articles/a-draft/since/", 404, "not_found"),
    "an unknown sort": (f"{COMMENTS}?sort=best", 400, "bad_field"),
    "after a negative number": (f"{HISTORY}?after=-1", 400, "bad_field"),
    "after a huge number": (f"{HISTORY}?after={'9' * 5000}", 400, "bad_field"),
    "after a word": (f"{HISTORY}?after=word", 400, "bad_field"),
    "after nothing": (HISTORY, 400, "bad_field"),
    "the history of a draft": ("/api/articles/a-draft/history/?after=0", 404, "not_found"),
    "the comments of a draft": ("/api/articles/a-draft/comments/", 404, "not_found"),
    "more replies than there are": ("/api/articles/{slug}/comments/1/replies/?cursor=junk", 404, "not_found"),
    "a comment with a huge id": (f"/api/articles/{{slug}}/comments/{2**63}/", 404, "not_found"),
    "a comment with a number of 5,000 digits": (f"{COMMENTS}{'9' * 5000}/replies/", 404, "not_found"),
    "a comment of a draft": ("/api/articles/a-draft/comments/1/", 404, "not_found"),
    "the stream of a draft": ("/api/articles/a-draft/events/", 404, "not_found"),
}


@pytest.mark.parametrize("what", GETS)
def test_a_bad_question_gets_its_refusal(stage: Stage, what: str) -> None:
    path, status, reason = GETS[what]
    with stage.server.client() as browser:
        answer = browser.get(path.format(slug="stage-0"))

    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (status, status, reason)


def without_csrf(stage: Stage) -> httpx.Client:
    browser = stage.server.client("reader1")
    del browser.headers["X-CSRFToken"]
    return browser


def with_csrf(stage: Stage) -> httpx.Client:
    return stage.server.client("reader1")


POSTS: dict[str, tuple[Callable[[Stage], httpx.Client], int, int, str]] = {
    "a cookie without CSRF": (without_csrf, 6, 403, "forbidden"),
    "3 MB of JSON": (with_csrf, 3_000_000, 413, "too_long"),
}


@pytest.mark.parametrize("what", POSTS)
def test_a_bad_comment_gets_its_refusal_and_is_not_stored(stage: Stage, what: str) -> None:
    browser_of, size, status, reason = POSTS[what]
    slug = stage.new_article()
    body = {"content": "x" * size, "ref": str(uuid.uuid4())}
    with browser_of(stage) as browser:
        answer = browser.post(COMMENTS.format(slug=slug), json=body)
        stored = browser.get(COMMENTS.format(slug=slug)).json()["results"]

    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (status, status, reason)
    assert stored == []


@scene
async def test_a_limit_of_a_thousand_million_is_capped_at_100(uvicorn_stage: Stage) -> None:
    async with uvicorn_stage.audience() as audience:
        alice = await audience.join("alice")
        for number in range(101):
            await alice.post(f"{number}")
        url = f"{uvicorn_stage.url}{COMMENTS.format(slug=audience.slug)}"
        answer = (await audience.http.get(url, params={"limit": 1_000_000_000})).raise_for_status().json()

    assert len(answer["results"]) == 100
    assert answer["next"]


ELSEWHERE = ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "///evil"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_login_never_leads_to_another_site(stage: Stage, address: str) -> None:
    with stage.server.client() as browser:
        browser.get("/login/", params={"next": address})
        form = {"username": "reader1", "password": DEMO_PASSWORD, "next": address}
        form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
        answer = browser.post("/login/", data=form, follow_redirects=False)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
