"""The examples of docs/protocol.md are what the server reads and writes."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from comments import pages, queries, wire
from realtime import protocol

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "protocol.md"
EXAMPLE = re.compile(r"<!-- test: (.+?) -->\s*```json\n(.*?)```", re.DOTALL)
EXAMPLES: list[tuple[str, str]] = EXAMPLE.findall(DOCUMENT.read_text(encoding="utf-8"))

SERVER: tuple[type[msgspec.Struct], ...] = (
    protocol.Welcome, wire.Message, wire.Removed, wire.ThreadChanged, wire.Reactions, protocol.PresenceNow,
    protocol.WhoIsTyping, protocol.Revised, protocol.Ack, protocol.Error, protocol.Verified,
    protocol.Pong, protocol.Bye,
)  # fmt: skip
CLIENT: tuple[type[msgspec.Struct], ...] = (
    protocol.PostMessage, protocol.Edit, protocol.Delete, protocol.Restore, protocol.React,
    protocol.Read, protocol.TypingNow, protocol.Ping, protocol.Verify, protocol.Auth,
)  # fmt: skip
ANSWERS: dict[str, type[msgspec.Struct]] = {
    "snapshot": pages.Snapshot,
    "conversation": pages.Conversation,
    "history": wire.History,
    "since": queries.Since,
}


def tag(struct: type[msgspec.Struct]) -> str:
    return str(struct.__struct_config__.tag)


WRITTEN = {f"server {tag(struct)}": struct for struct in SERVER} | ANSWERS
READ = {f"client {tag(struct)}": struct for struct in CLIENT}


def check_fields(data: Any, struct: type[msgspec.Struct]) -> None:
    """Fail where an example lacks a field, or has one that the server does not write."""
    fields = msgspec.structs.fields(struct)
    names = {field.encode_name for field in fields}
    # A field that is left out when it is UNSET may be missing; every other is always written.
    always = {field.encode_name for field in fields if field.default is not msgspec.UNSET}
    given = data.keys() - {"type"}
    assert given <= names, f"the server writes no {sorted(given - names)}"
    assert always <= given, f"the server also writes {sorted(always - given)}"
    msgspec.convert(data, struct, strict=True)
    for field in fields:
        for part, inner in parts(data.get(field.encode_name), field.type):
            check_fields(part, inner)


def parts(value: Any, kind: Any) -> list[tuple[Any, type[msgspec.Struct]]]:
    """The objects inside a value, with the structs that they are."""
    structs = structs_in(kind)
    if isinstance(value, list):
        return [found for item in value for found in parts(item, kind)]
    if not structs or not isinstance(value, dict):
        return []
    return [(value, next(struct for struct in structs if len(structs) == 1 or tag(struct) == value["type"]))]


def structs_in(kind: Any) -> list[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return [kind]
    return [struct for inner in getattr(kind, "__args__", ()) for struct in structs_in(inner)]


@pytest.mark.parametrize(("title", "text"), EXAMPLES, ids=[title for title, _ in EXAMPLES])
def test_an_example_is_what_the_site_speaks(title: str, text: str) -> None:
    data = msgspec.json.decode(text)
    if title in READ:
        frame = protocol.decode(text)
        assert isinstance(frame, READ[title])
        assert data.keys() - {"type"} <= set(frame.__struct_fields__)
    else:
        check_fields(data, WRITTEN[title])


@pytest.mark.parametrize("title", [*WRITTEN, *READ])
def test_everything_has_an_example(title: str) -> None:
    assert title in [title for title, _ in EXAMPLES]


def test_every_close_code_is_explained() -> None:
    codes = set(re.findall(r"\b(1\d{3}|4\d{3})\b", DOCUMENT.read_text(encoding="utf-8")))

    assert {str(int(code)) for code in protocol.Close} <= codes
