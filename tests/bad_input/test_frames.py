"""A text that is no frame of the protocol, or no comment, gets an error, and the socket stays open.

Frames that break RFC 6455 (too large, binary, not UTF-8, reserved bits and opcodes) are in tests/rfc6455.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.realtime.client import Reader
from tests.realtime.scene import scene
from tests.realtime.stage import Audience, Stage
from tests.realtime.test_decoding import REFUSED

LARGEST = 65_536  # bytes
HANDLERS = [
    *("websocket.connect", "websocket.receive", "websocket.disconnect", "websocket.send", "websocket.close"),
    *("http.request", "lifespan.startup", "change", "rights", "presence", "typing.stop", "hello", "state"),
    *("dispatch", "close_soon", "_post", "receive", "group.send", "__call__"),
]


def comment(**fields: Any) -> str:
    return json.dumps({"type": "message", "content": "Hello.", "ref": str(uuid.uuid4()), **fields})


def can_be_sent(text: str) -> bool:
    """Whether the text is UTF-8, and short enough for the server to read it."""
    return len(text) <= LARGEST and "\ud800" not in text


def edit(**fields: Any) -> str:
    return json.dumps({"type": "edit", "id": "1", "content": "Hello.", "version": 1, "ref": "e", **fields})


def react(**fields: Any) -> str:
    return json.dumps({"type": "react", "id": "1", "emoji": "👍", "ref": "r", **fields})


ROWS: dict[str, tuple[str, int, str]] = {
    **{name: (text, 400, reason) for name, (text, reason) in REFUSED.items() if can_be_sent(text)},
    "30,000 levels": ("[" * 30_000 + "]" * 30_000, 400, "bad_json"),
    "a number of 60,000 digits": ('{"type":"ping","timestamp":' + "7" * 60_000 + "}", 400, "bad_field"),
    **{f"{name} for a type": (json.dumps({"type": name}), 400, "bad_type") for name in HANDLERS},
    "NUL in a text": (comment(content="a\x00b"), 400, "bad_field"),
    "NUL in a ref": (comment(ref="\x00" * 36), 400, "bad_field"),
    "NUL in a parent": (comment(parent="\x00"), 422, "bad_parent"),
    "NUL in a token": (json.dumps({"type": "auth", "token": "\x00"}), 401, "bad_token"),
    "half a surrogate in a text": (comment(content="\ud800"), 400, "bad_json"),
    "a ref that is no UUID": (comment(ref="1"), 400, "bad_field"),
    "nothing": (comment(content=""), 422, "blank"),
    "white space": (comment(content=" \n\t\u3000"), 422, "blank"),
    "only zero-width characters": (comment(content="\u200b\u200d\ufeff"), 422, "blank"),
    "only combining marks": (comment(content="\u0301\u0302"), 422, "blank"),
    "5,001 characters": (comment(content="x" * 5001), 413, "too_long"),
    "50,000 stars": (comment(content="*" * 50_000), 413, "too_long"),
    "10,000 brackets": (comment(content="[" * 10_000), 413, "too_long"),
    "a parent that never was": (comment(parent="999999999"), 422, "bad_parent"),
    "a parent that is no number": (comment(parent="1; DROP TABLE"), 422, "bad_parent"),
    "a parent past all numbers": (comment(parent="9" * 30), 422, "bad_parent"),
    "an edit without a version": (edit(version=None), 400, "bad_field"),
    "an edit of half a version": (edit(version=1.5), 400, "bad_field"),
    "an edit without a ref": (edit(ref=None), 400, "bad_field"),
    "an edit of a number": (edit(id=1), 400, "bad_field"),
    "an edit of what never was": (edit(id="999999999"), 404, "not_found"),
    "an edit of a word": (edit(id="1; DROP TABLE"), 404, "not_found"),
    "an edit past all numbers": (edit(id="9" * 30), 404, "not_found"),
    "an edit to nothing": (edit(content=" "), 422, "blank"),
    "an edit to too much": (edit(content="x" * 5001), 413, "too_long"),
    "an edit with NUL in it": (edit(content="\x00"), 400, "bad_field"),
    "a deletion of what never was": ('{"type":"delete","id":"0","ref":"d"}', 404, "not_found"),
    "a deletion of nothing": ('{"type":"delete","ref":"d"}', 400, "bad_field"),
    "a restoring of what never was": ('{"type":"restore","id":"\u0663","ref":"d"}', 404, "not_found"),
    "a reaction of any kind": (react(emoji="x" * 500), 422, "bad_reaction"),
    "a reaction that is a number": (react(emoji=1), 400, "bad_field"),
    "a reaction with NUL in it": (react(emoji="\x00", on=False), 400, "bad_field"),
    "a reaction that may be": (react(on="perhaps"), 400, "bad_field"),
    "a reaction to what never was": (react(id="999999999"), 404, "not_found"),
    "a read mark below zero": ('{"type":"read","seq":-1,"ref":"m"}', 400, "bad_field"),
    "a read mark at a word": ('{"type":"read","seq":"all","ref":"m"}', 400, "bad_field"),
    "a read mark past all numbers": ('{"type":"read","seq":1e99,"ref":"m"}', 400, "bad_field"),
    "a read mark without a ref": ('{"type":"read","seq":1}', 400, "bad_field"),
    "a wrong token": (json.dumps({"type": "auth", "token": "0" * 40}), 401, "bad_token"),
}


async def answer_to(reader: Reader, text: str) -> tuple[int, str]:
    """The error that answers the text: exactly one, and a good frame after it is answered, too."""
    before = len(reader.frames)
    await reader.send(text)
    await reader.ping()
    answers = [frame for frame in reader.frames[before:] if frame["type"] in ("error", "ack", "bye")]
    assert [frame["type"] for frame in answers] == ["error"], answers
    [error] = answers
    assert error["message"]
    return error["code"], error["reason"]


@scene
async def test_each_is_answered_as_the_table_says(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        wrong = {}
        for name, (text, *expected) in ROWS.items():
            answer = await answer_to(alice, text)
            if answer != tuple(expected):
                wrong[name] = answer

        assert wrong == {}
        assert audience.truth().comments == {}


async def unanswerable(audience: Audience, kind: str) -> str:
    """The id of a comment that cannot be replied to."""
    if kind == "elsewhere":
        async with audience.stage.audience() as other:
            return str((await (await other.join("bob")).post("Elsewhere."))["id"])
    bob = await audience.join("bob")
    posted = str((await bob.post("Soon gone."))["id"])
    audience.stage.moderate(kind, posted)
    await bob.next("removed", id=posted)
    return posted


@pytest.mark.parametrize("kind", ["elsewhere", "hide", "delete"])
@scene
async def test_a_reply_to_what_is_not_there_for_its_author_is_refused(stage: Stage, kind: str) -> None:
    async with stage.audience() as audience:
        parent = await unanswerable(audience, kind)
        alice = await audience.join("alice")

        assert await answer_to(alice, comment(parent=parent)) == (422, "bad_parent")


@scene
async def test_on_a_closed_thread_nothing_is_taken(stage: Stage) -> None:
    async with stage.audience() as audience:
        alice = await audience.join("alice")
        stage.set_policy("lock", audience.slug)
        await alice.next("thread", policy="closed")

        assert await answer_to(alice, comment()) == (403, "closed")
