"""Strategies for garbage, and for texts that are nearly frames."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.realtime.raw import BINARY, CONTINUED, TEXT, frame

DEEP = "[" * 20_000 + "]" * 20_000
DIGITS = "7" * 20_000
ODD = ["\x00", "\u202e", "\ud800", "\udfff", "\ufeff", "\u0301" * 50, "'; --", "<script>", "\x7f", "🫥"]

texts = st.text(max_size=30) | st.sampled_from(ODD) | st.integers(4999, 6000).map(lambda size: "x" * size)
values = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | texts
    | st.lists(st.integers(), max_size=3)
    | st.dictionaries(texts, st.none(), max_size=2)
)
types = st.sampled_from(["message", "edit", "delete", "restore", "react", "read", "typing", "ping", "auth"])
strange_types = st.sampled_from(
    [
        "welcome",
        "ack",
        "bye",
        "change",
        "websocket.receive",
        "",
        "MESSAGE",
        "ping ",
    ]
)
fields = st.fixed_dictionaries(
    {},
    optional={
        "content": values, "ref": values | st.uuids().map(str), "on": values, "timestamp": values,
        "parent": values | st.integers(0, 99).map(str), "token": values, "seq": values, "user": values,
        "status": values, "is_staff": values, "version": values,
        "id": values | st.integers(0, 999).map(str), "emoji": values | st.just("👍"),
    },
)  # fmt: skip


def as_json(value: Any) -> str:
    return json.dumps(value)


near_frames = st.builds(lambda kind, rest: as_json({"type": kind, **rest}), types | strange_types, fields)
LONG = {  # by name, because they are too long to print
    "20,000 levels": DEEP,
    "20,000 digits": DIGITS,
    "a timestamp of 20,000 digits": f'{{"type":"ping","timestamp":{DIGITS}}}',
    "content of 20,000 levels": f'{{"type":"message","content":{DEEP},"ref":"r"}}',
    "20,000 levels that nobody reads": f'{{"type":"ping","x":{DEEP}}}',
    "9,000 objects": '{"a":' * 9_000 + "1" + "}" * 9_000,
    "past all floats": '{"type":"ping","timestamp":1e99999}',
    "below zero": '{"type":"ping","timestamp":-0.0}',
    "two types": '{"type":"typing","type":"ping"}',
    "NaN": "NaN",
    "infinity": '{"type":"ping","timestamp":-Infinity}',
}
deep_or_long = st.sampled_from(sorted(LONG)).map(lambda name: LONG[name])
# Texts of any kind that are UTF-8.
any_text = (near_frames | deep_or_long | st.text(max_size=40) | values.map(as_json)).map(
    lambda text: text.encode("utf-8", "replace")
)
malformed = st.sampled_from(
    [b"", b"{", b"[]", b"7", b"null", b'{"type":"shout"}', b"{}", b'{"type":7}', b'{"type":"auth"}']
)
messages = st.fixed_dictionaries(
    {"type": st.just("message"), "content": texts, "ref": st.uuids().map(str)},
    optional={"parent": st.none() | st.integers(0, 5).map(str)},
)

# Bytes after which it is undecided where the next frame begins.
BROKEN = {
    "too large": frame(b"x" * 70_000),
    "too large in two": frame(b"x" * 60_000, fin=False) + frame(b"x" * 60_000, opcode=CONTINUED),
    "no UTF-8": frame(b"\xff"),
    "no UTF-8 in two": frame(b"\xc3", fin=False) + frame(b"(", opcode=CONTINUED),
    "half a message": frame(b"{", opcode=TEXT, fin=False),
    "binary": frame(b"\x00", opcode=BINARY),
    "eight exabytes to come": b"\x81\xff\x7f" + b"\xff" * 7 + b"\0\0\0\0",
    "another request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
}
broken = (
    st.builds(
        frame,
        st.binary(max_size=200),
        opcode=st.integers(0, 15),
        fin=st.booleans(),
        rsv=st.integers(0, 7),
        mask=st.binary(min_size=4, max_size=4),
    )
    | st.binary(min_size=1, max_size=40)
    | st.sampled_from(sorted(BROKEN)).map(lambda name: BROKEN[name])
)
