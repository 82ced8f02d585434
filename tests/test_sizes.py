"""Files and classes of the product stay small enough to be read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.services.process import ROOT

ROOMS = ("accounts", "blog", "comments", "config", "realtime")
MOST_LINES = 300
MOST_METHODS = 15  # public ones of a class; properties are what it says of itself


def files() -> Iterator[Path]:
    for room in ROOMS:
        yield from (ROOT / room).rglob("*.py")
        yield from (ROOT / room).rglob("*.js")


def classes() -> Iterator[tuple[str, ast.ClassDef]]:
    for file in files():
        if file.suffix == ".py":
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.ClassDef):
                    yield f"{file.relative_to(ROOT)}: {node.name}", node


def public_methods(of: ast.ClassDef) -> list[str]:
    return [
        node.name
        for node in of.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and not node.name.startswith("_")
        and not any(isinstance(each, ast.Name) and each.id == "property" for each in node.decorator_list)
    ]


def test_no_file_is_long() -> None:
    lengths = {file: len(file.read_text().splitlines()) for file in files()}
    assert len(lengths) > 150
    assert {str(file): lines for file, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_class_does_much() -> None:
    counts = {name: len(public_methods(node)) for name, node in classes()}
    assert counts["realtime/rooms/room.py: Room"] > 5
    assert {name: count for name, count in counts.items() if count > MOST_METHODS} == {}
