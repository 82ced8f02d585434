"""Blank texts, and the skeletons of names."""

import pytest

from comments.text import is_blank, skeleton, tame


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\t\r\n",
        "\u00a0\u2003\u3000",
        "\u200b\u200c\u200d\u2060\ufeff",
        "\u0301",
        "\u034f",
        "\ufe0f",
        "\u00ad",
        "\x1f",
    ],
)
def test_a_text_with_nothing_to_see_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["a", "\u200ba", ".", "👍", "\u0e01", "\ue000", "\U0001fae9"])
def test_a_text_with_something_to_see_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("admin", "ADMIN"),
        ("admin", "\u0430dm\u0456n"),
        ("lola", "1o1a"),
        ("lola", "I0Ia"),
        ("mona", "rnona"),
        ("ana", "an\u0430"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("mona", "nora"), ("anna", "ana"), ("bob", "rob"), ("王", "玉")])
def test_names_that_do_not_look_alike_have_two_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_plain_text_is_tame_already() -> None:
    for text in ("", "Plain.", "e\u0301", "a\u200db", "👨‍👩‍👧"):
        assert tame(text) == text
