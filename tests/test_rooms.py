"""The rooms of the house import in one direction, and know no more of each other than they must."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# What each room may import of the others.
ARROWS: dict[str, set[str]] = {
    "config": {"accounts", "blog", "comments", "realtime"},
    "accounts": {"comments"},
    "realtime": {"comments"},
    "blog": {"comments"},
    "comments": set(),
}
PAGES = [
    *(ROOT / "templates").rglob("*.html"),
    *(file for room in ARROWS if room != "comments" for file in (ROOT / room).rglob("*.html")),
    *(ROOT / "tests/host/project").rglob("*.html"),
]
LIBRARIES = {file.stem for file in (ROOT / "comments/templatetags").glob("[!_]*.py")}
LOAD = re.compile(r"{%\s*load\s+([^%]*)%}")
TAG = re.compile(r"{%\s*(\w+)")
SIGNALS = ("post_save", "post_delete", "pre_save", "pre_delete", "m2m_changed")
PUBLISHING = ("publisher", "announce_", "on_commit", "channel_layer")


def files_of(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imports_of(file: Path) -> Iterator[str]:
    """The room of every import in a file, also of those inside functions and for types only."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_imports_only_what_lies_behind_it(room: str) -> None:
    elsewhere = ARROWS.keys() - ARROWS[room] - {room}
    wrong = {
        f"{file.relative_to(ROOT)} imports {imported}"
        for file in files_of(room)
        for imported in imports_of(file)
        if imported in elsewhere
    }
    assert not wrong


def test_the_blog_knows_comments_in_one_file() -> None:
    assert [file.name for file in files_of("blog") if "comments" in imports_of(file)] == ["live.py"]


def test_pages_around_comments_use_one_tag_of_theirs() -> None:
    """No other template includes one of comments, or takes more of their library than that."""
    for file in PAGES:
        source = file.read_text()
        loaded = {word for words in LOAD.findall(source) for word in words.split()}
        if loaded & LIBRARIES:
            assert loaded & LIBRARIES == {"live_comments"}, file
            assert "live_comments" in TAG.findall(source), file
        assert "role_label" not in source and "|ago" not in source, file
        assert 'include "comments/' not in source, file


@pytest.mark.parametrize("room", ARROWS)
def test_signal_handlers_publish_nothing(room: str) -> None:
    for file in files_of(room):
        source = file.read_text()
        if any(signal in source for signal in SIGNALS):
            assert not any(word in source for word in PUBLISHING), file


def test_readers_hold_no_query_and_know_no_group() -> None:
    sources = [file.read_text() for file in (ROOT / "realtime/readers").glob("*.py")]
    for word in (".objects", "group_add", "group_send", "transaction"):
        assert not any(word in source for source in sources)
