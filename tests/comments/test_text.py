"""Blank texts, tidy texts, and what is taken out of a text that would deceive its readers."""

import json
from pathlib import Path

import pytest

from comments.errors import CommentError
from comments.rendering import render_content
from comments.text import check_content, is_blank, tame, tidy

# The page's tests read the same file.
TEXTS = json.loads((Path(__file__).parent / "texts.json").read_text())


@pytest.mark.parametrize("text", TEXTS["blank"], ids=ascii)
def test_a_text_with_nothing_to_see_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", TEXTS["visible"], ids=ascii)
def test_a_text_with_something_to_see_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    "text",
    [
        "&nbsp;",
        "&#8203; &zwj;",
        "```\n```",
        "```\n\n\n```",
        "`\u200b`",
        "[\u200b](https://a.example)",
        "> &nbsp;",
        "- &nbsp;\n- &emsp;",
        "\u202e\u2066",
        "&#x202e;",
    ],
)
def test_a_text_is_blank_by_what_comes_out_of_it(text: str) -> None:
    with pytest.raises(CommentError) as raised:
        render_content(text)
    assert (raised.value.code, raised.value.reason) == (422, "blank")


@pytest.mark.parametrize("text", [">", "-", "*", "**", "``", "[](/)", "1.", "\\", "&", "<>", "---", "```"])
def test_a_text_of_marks_alone_is_shown_as_typed(text: str) -> None:
    render_content(text)


@pytest.mark.parametrize(("typed", "tidied"), TEXTS["tidied"])
def test_a_text_loses_the_blank_lines_around_it_and_keeps_its_indent(typed: str, tidied: str) -> None:
    assert tidy(typed) == tidied


def test_a_text_is_tidied_before_its_length_is_counted() -> None:
    assert check_content("\n" * 50 + "x" * 5000 + "\n" * 50) == "x" * 5000


def test_plain_text_is_tame_already() -> None:
    for text in TEXTS["tame"]:
        assert tame(text) == text


def test_a_text_is_tamed() -> None:
    assert tame("a\u202eb\u2066c") == "abc"
    assert tame("a\x01b\x7fc\x9bd\ufffee") == "abcde"
