"""Where nothing can be commented on, everybody is told so, in whatever way they ask, on both servers."""

from __future__ import annotations

import json
import uuid
from urllib.parse import quote

import pytest

from tests.realtime.raw import handshake, raw_socket
from tests.realtime.scene import scene
from tests.realtime.stage import Stage

ADDRESSES = {
    "no object": ("articles", "no-such-article"),
    "a kind that nobody registered": ("recipes", "stage-0"),
    "a kind of other letters": ("🫐", "stage-0"),
    "a kind of 500 letters": ("x" * 500, "stage-0"),
    "a slash in the key": ("articles", "stage-0/stage-1"),
    "the way up": ("articles", ".."),
    "emoji": ("articles", "🫐"),
    "500 characters": ("articles", "x" * 500),
    "a NUL": ("articles", "stage-0\x00"),
    "no UTF-8": ("articles", "\udcff"),
    "a percent sign": ("articles", "%00"),
    "nothing but spaces": ("articles", "  "),
    "text from the right": ("articles", "\u202eegats"),
}


def path_of(what: str) -> str:
    """The two words of an address, escaped as a browser escapes them."""
    return "/".join(quote(word, safe="", errors="surrogateescape") for word in ADDRESSES[what])


@pytest.mark.parametrize("what", ADDRESSES)
def test_http_says_not_found(stage: Stage, what: str) -> None:
    body = {"content": "Hello.", "ref": str(uuid.uuid4())}
    with stage.server.client("reader1") as browser:
        thread = f"/api/{path_of(what)}/"
        answers = [
            browser.get(f"{thread}comments/"),
            browser.get(f"{thread}history/?after=0"),
            browser.get(f"{thread}history/?after=0&wait=20"),
            browser.get(f"{thread}events/"),
            browser.post(f"{thread}comments/", json=body),
            browser.post(f"/{path_of(what)}/comments/", data={"content": "Hello."}),
        ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert [answer.json()["reason"] for answer in answers[:-1]] == ["not_found"] * (len(answers) - 1)


@pytest.mark.parametrize("what", ADDRESSES)
@scene
async def test_a_socket_says_gone(stage: Stage, what: str) -> None:
    async with raw_socket(stage.url) as socket:
        socket.send(handshake(stage.url, f"/ws/{path_of(what)}/"))
        assert await socket.status() == 101
        texts, code = await socket.texts_and_close()

    assert (code, json.loads(texts[-1])["code"]) == (4503, 4503)
