"""The rooms of the house import in one direction: config → realtime → comments → blog."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "realtime", "comments", "blog")


def imports_of(file: Path) -> Iterator[str]:
    """The room of every import in a file, also of those inside functions and for types only."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_lies_behind_it(room: str) -> None:
    in_front = set(ROOMS[: ROOMS.index(room)])
    wrong = {
        f"{file.relative_to(ROOT)} imports {imported}"
        for file in (ROOT / room).rglob("*.py")
        for imported in imports_of(file)
        if imported in in_front
    }
    assert not wrong


@pytest.mark.parametrize("room", ["blog", "comments"])
def test_signal_handlers_publish_nothing(room: str) -> None:
    sources = [file.read_text() for file in (ROOT / room).rglob("*.py")]
    assert not any("post_save" in source or "post_delete" in source for source in sources)


def test_readers_hold_no_query_and_know_no_group() -> None:
    sources = [file.read_text() for file in (ROOT / "realtime/readers").glob("*.py")]
    for word in (".objects", "group_add", "group_send", "transaction"):
        assert not any(word in source for source in sources)
