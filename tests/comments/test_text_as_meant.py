"""A text is shown as it was meant: what is typed and the HTML that it becomes, kind by kind, in meant.json.

The tables leave out what every block and link has, but for the one of directions; that links are inert is
tested in tests/comments/test_rendering.py.
"""

import json
import re
from pathlib import Path

import pytest

from comments.rendering import render_comment, shown_text

MEANT = json.loads((Path(__file__).parent / "meant.json").read_text())
LEFT_OUT = re.compile(r' (?:dir="\w+"|rel="[^"]*"|tabindex="0")|\n(?=</?(?:p|ul|ol|li|blockquote|pre)\b)|\n$')
KINDS = ("quotes", "lists", "code", "emphasis", "addresses", "lines")


@pytest.mark.parametrize("text", MEANT["as typed"])
def test_it_stays_as_typed(text: str) -> None:
    html = render_comment(text)
    assert re.findall(r"<\w+", html) == ["<p"]
    assert shown_text(html).rstrip("\n") == text


@pytest.mark.parametrize("text", MEANT["as typed"])
def test_it_stays_as_typed_in_a_sentence_and_twice(text: str) -> None:
    html = render_comment(f"So: {text}\nand {text}")
    assert re.findall(r"<\w+", html) == ["<p", "<br"]
    assert shown_text(html).rstrip("\n") == f"So: {text}\nand {text}"


@pytest.mark.parametrize(("typed", "shown"), [case for kind in KINDS for case in MEANT[kind]])
def test_it_is_shown_as_meant(typed: str, shown: str) -> None:
    assert LEFT_OUT.sub("", render_comment(typed)) == shown


@pytest.mark.parametrize(("typed", "html"), MEANT["directions"])
def test_each_block_has_its_direction(typed: str, html: str) -> None:
    assert render_comment(typed) == html


@pytest.mark.parametrize("text", MEANT["with invisible marks"])
def test_a_text_keeps_the_marks_that_its_script_needs(text: str) -> None:
    assert shown_text(render_comment(text)).strip("\n") == text


@pytest.mark.parametrize("depth", [5, 30, 200])
@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_nothing_vanishes_however_deep_it_stands(mark: str, depth: int) -> None:
    assert "plums" in shown_text(render_comment(mark * depth + "plums"))
