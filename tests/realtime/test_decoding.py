"""Whatever text a client sends is a frame or an error 400, and never an exception of another kind."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.errors import CommentError
from realtime.protocol import Auth, Ping, PostMessage, TypingNow, decode, encode, error_frame, ref_of

REF = "6a2b6a52-6f10-4ae5-a7f8-6a6f7c9b6a10"
DEEP = "[" * 100_000 + "]" * 100_000
LONG_NUMBER = "9" * 10_000

REFUSED = {
    "an empty frame": ("", "bad_json"),
    "white space": (" \n", "bad_json"),
    "no JSON": ("hello", "bad_json"),
    "half of a frame": ('{"type":"ping"', "bad_json"),
    "two frames": ('{"type":"ping"}{"type":"ping"}', "bad_json"),
    "an array": ('[{"type":"ping"}]', "bad_json"),
    "a number": ("7", "bad_json"),
    "a text": ('"ping"', "bad_json"),
    "null": ("null", "bad_json"),
    "true": ("true", "bad_json"),
    "NaN": ("NaN", "bad_json"),
    "Infinity as a field": ('{"type":"ping","timestamp":Infinity}', "bad_json"),
    "NaN as a field": ('{"type":"ping","timestamp":NaN}', "bad_json"),
    "100,000 levels": (DEEP, "bad_json"),
    "100,000 levels in a field that nobody reads": (f'{{"type":"ping","x":{DEEP}}}', "bad_json"),
    "a number of 10,000 digits": (LONG_NUMBER, "bad_field"),
    "a timestamp of 10,000 digits": (f'{{"type":"ping","timestamp":{LONG_NUMBER}}}', "bad_field"),
    "a lone surrogate": (r'{"type":"message","content":"\ud800","ref":"r"}', "bad_json"),
    "a raw lone surrogate": ('{"type":"ping","x":"\ud800"}', "bad_json"),
    "a raw control character": ('{"type":"message","content":"\x01","ref":"r"}', "bad_json"),
    "no type": ("{}", "bad_type"),
    "an unknown type": ('{"type":"shout"}', "bad_type"),
    "a type of another kind": ('{"type":7}', "bad_type"),
    "no type that is a text": ('{"type":null}', "bad_type"),
    "a type of the server's": ('{"type":"welcome"}', "bad_type"),
    "a handler of the channel layer": ('{"type":"websocket.disconnect"}', "bad_type"),
    "another handler of it": ('{"type":"chat.message","text":"hi"}', "bad_type"),
    "a message of the hub's": ('{"type":"change","article":1,"seq":1}', "bad_type"),
    "a method's name": ('{"type":"__init__"}', "bad_type"),
    "no content": (f'{{"type":"message","ref":"{REF}"}}', "bad_field"),
    "no ref": ('{"type":"message","content":"hi"}', "bad_field"),
    "content that is no text": (f'{{"type":"message","content":7,"ref":"{REF}"}}', "bad_field"),
    "content that is null": (f'{{"type":"message","content":null,"ref":"{REF}"}}', "bad_field"),
    "a parent that is a number": (
        f'{{"type":"message","content":"a","ref":"{REF}","parent":7}}',
        "bad_field",
    ),
    "on that is a text": ('{"type":"typing","on":"yes"}', "bad_field"),
    "a timestamp that is a text": ('{"type":"ping","timestamp":"now"}', "bad_field"),
    "no token": ('{"type":"auth"}', "bad_field"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_frame_is_refused(text: str, reason: str) -> None:
    with pytest.raises(CommentError) as refusal:
        decode(text)

    assert (refusal.value.code, refusal.value.reason) == (400, reason)
    assert "msgspec" not in refusal.value.message
    encode(error_frame(refusal.value, ref_of(text)))


def test_each_type_is_read() -> None:
    message = f'{{"type":"message","content":"hi","ref":"{REF}","parent":"7"}}'
    assert decode(message) == PostMessage(content="hi", ref=REF, parent="7")
    assert decode('{"type":"typing"}') == TypingNow(parent=None, on=True)
    assert decode('{"type":"typing","on":false,"parent":"7"}') == TypingNow(parent="7", on=False)
    assert decode('{"type":"ping","timestamp":1.5}') == Ping(timestamp=1.5)
    assert decode('{"type":"auth","token":"abc"}') == Auth(token="abc")  # noqa: S106 - no secret


def test_fields_that_a_client_may_not_set_are_ignored() -> None:
    forged = {
        "type": "message",
        "content": "hi",
        "ref": REF,
        "user": "admin",
        "user_id": "u1",
        "role": "moderator",
        "seq": 1,
        "prev": 0,
        "status": "visible",
        "timestamp": "1999-01-01",
        "is_staff": True,
        "html": "<script>",
        "version": 7,
        "article": 1,
    }

    assert decode(json.dumps(forged)) == PostMessage(content="hi", ref=REF)


def test_the_ref_of_a_refused_frame_is_found_where_there_is_one() -> None:
    assert ref_of(f'{{"type":"shout","ref":"{REF}"}}') == REF
    for text in ("", "[]", "{}", '{"ref":7}', DEEP, f'{{"ref":"{"x" * 65}"}}'):
        assert ref_of(text) is None


def test_a_refusal_tells_the_client_what_it_may_know() -> None:
    frame = json.loads(encode(error_frame(CommentError(429, "rate_limited", "Slow down.", 1.25), ref=REF)))

    assert frame == {
        "type": "error",
        "code": 429,
        "reason": "rate_limited",
        "message": "Slow down.",
        "ref": REF,
        "retry_after": 1.2,
    }


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
TYPES = st.sampled_from(["message", "typing", "ping", "auth", "welcome", "edit"])
FIELDS = st.sampled_from(["content", "ref", "parent", "on", "timestamp", "token", "seq"])


@given(st.text() | ANY_JSON.map(json.dumps), st.dictionaries(FIELDS, ANY_JSON), TYPES, st.randoms())
def test_no_text_at_all_does_anything_else(
    text: str, fields: dict[str, object], name: str, chance: random.Random
) -> None:
    frame = json.dumps({"type": name, **fields})
    cut = chance.randrange(len(frame) + 1)
    for each in (text, frame, frame[:cut], frame[:cut] + text + frame[cut:]):
        try:
            decode(each)
        except CommentError as refusal:
            assert refusal.code == 400
        ref_of(each)
