"""Attacks in a comment or a name are inert wherever comments are shown.

The renderer itself is tested in tests/comments/test_rendering.py, and articles in
tests/blog/test_inert_markup.py.
"""

from __future__ import annotations

import re
from functools import partial
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from comments.models import Comment
from tests.comments.cast import make_alice, make_article, post
from tests.comments.test_rendering import PAYLOADS, check_inert
from tests.realtime.client import Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Stage
from tests.realtime.stream import EventReader, streams

BIDI, ZALGO = "\u202e", "o" + "\u0301" * 50
NAME = f'"><img src=x onerror=alert(1)>{BIDI}'
PAGES = ("/articles/plums/", "/admin/comments/comment/", "/feed/", "/")
BOX = re.compile(r"<textarea.*?</textarea>|<input type=\"hidden\"[^>]*>", re.DOTALL)
NOT_OURS = {"svg", "math", "iframe", "style", "base", "object", "embed", "mglyph"}


ATTACKS = [*PAYLOADS, ZALGO]
TEXTS = ["\n\n".join(ATTACKS[begin : begin + 12]) for begin in range(0, len(ATTACKS), 12)]


class Page(HTMLParser):
    """Fails at an element or attribute that no page of ours has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        icon = tag == "svg" and values.get("class", "").startswith(("theme-icon", "base-svgs"))  # the admin's
        assert tag not in NOT_OURS or icon, (tag, values)
        assert not [name for name in values if name.startswith("on")], values
        if tag == "script":
            assert values["src"].startswith(("/static/", "/admin/jsi18n/")), values
        if tag == "img":
            assert values["src"].startswith("/static/"), values
        if tag == "a":
            scheme = values.get("href", "").strip().partition(":")[0].lower()
            assert scheme not in ("javascript", "data", "vbscript", "file", "blob"), values


@pytest.fixture
def written(db: None) -> list[Comment]:
    mallory = User.objects.create_user("mallory", first_name=NAME)
    article = make_article(make_alice())
    return [post(mallory, article, text) for text in TEXTS]


@pytest.fixture
def moderator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("page", PAGES)
def test_it_is_inert_on(page: str, written: list[Comment], moderator: Client) -> None:
    answer = moderator.get(page)

    assert answer.status_code == 200
    Page(answer.text)
    assert BIDI not in answer.text
    if page != "/feed/" and page != "/":
        assert "&lt;img src=x onerror=alert(1)&gt;" in answer.text


@pytest.mark.parametrize("permission", ["change_comment", "view_comment"])
def test_it_is_inert_in_the_form_of_the_admin(written: list[Comment], permission: str) -> None:
    reader = User.objects.create_user("looks", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename=permission))
    client = Client()
    client.force_login(reader)
    for comment in written:
        page = client.get(f"/admin/comments/comment/{comment.pk}/change/").text
        Page(page)
        # The box in which the text is edited holds the text as it is, and no part of it gets out of the box.
        outside = BOX.sub("", page) if permission == "change_comment" else page
        assert BIDI not in outside
        assert ZALGO not in outside


def test_it_is_inert_in_the_form_that_a_refusal_gives_back(written: list[Comment], moderator: Client) -> None:
    for text in TEXTS:
        form = {"content": text, "ref": '"><script>', "parent": '"><script>', "name": NAME}
        answer = moderator.post("/articles/plums/comments/", form)
        assert answer.status_code in (400, 422)
        Page(answer.text)


def test_it_is_inert_in_the_answers_of_the_api(written: list[Comment]) -> None:
    for address in ("comments/?limit=200", "history/?after=0"):
        answer = Client().get(f"/api/articles/plums/{address}").json()
        shown = answer.get("results") or answer["changes"]
        assert len(shown) == len(TEXTS)
        for comment in shown:
            check_inert(comment["html"])
            assert BIDI not in comment["user"]


def has_reached(reader: Reader | EventReader, seq: int) -> bool:
    return reader.copy.position >= seq


@scene
async def test_it_is_inert_on_sockets_and_streams(stage: Stage) -> None:
    async with stage.audience() as audience, streams(stage, audience.slug) as stream:
        alice, bob, reader = await audience.join("alice"), await audience.join("bob"), stream()
        await reader.open()
        for number, text in enumerate(TEXTS, 1):
            assert (await alice.post(text))["type"] == "ack"
            for each in (bob, reader):
                await each.until(partial(has_reached, each, number))

        for frames in (bob.frames, reader.frames):
            shown = [frame["html"] for frame in frames if frame["type"] == "message"]
            assert len(shown) == len(TEXTS)
            for html in shown:
                check_inert(html)
