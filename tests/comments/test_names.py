"""What a guest's name may hold, and which names look alike."""

import pytest

from comments.errors import CommentError
from comments.names import check_name, skeleton

MARKS = "\u200c\u200d\u200e\u200f\u061c"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("admin", "ADMIN"),
        ("admin", "\u0430dm\u0456n"),
        ("admin", "ad\u200cm\u200din\u200f"),
        ("lola", "1o1a"),
        ("lola", "I0Ia"),
        ("mona", "rnona"),
        ("ana", "an\u0430"),
        ("mona", "mona 👑"),
        ("علی‌رضا", "علیرضا"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("mona", "nora"), ("anna", "ana"), ("bob", "rob"), ("王", "玉"), ("👑", "🎉")]
)
def test_names_that_do_not_look_alike_have_two_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    "name",
    [
        "علی‌رضا",  # Persian: without the joiner it is written as one word
        "شاه‌عباس",
        "क्‍षमा",  # Hindi
        "ශ්‍රී",  # Sinhala
        "ക്‍",  # Malayalam
        "דני (ד״ר)\u200f",
        "O\u2019Brien",
        "🎉",
        "❤️",
        "👩🏽‍🚀",
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇩🇪",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\U0001faef",  # an emoji that not every Python knows yet
        "Zoë 🌻",
        "7",
    ],
)
def test_a_name_keeps_what_its_script_needs(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Gwen \n  Stefan\t", "Gwen Stefan"),
        ("\u202eGwen\u202c", "Gwen"),
        ("\u2066Gwen\u2069\u200f", "Gwen"),
        ("Gw\u200ben\ufeff", "Gwen"),
        (MARKS + "G" + MARKS.join("wen") + MARKS, "Gwen"),
        ("Gwen\u200d👑", "Gwen👑"),
        ("Пё\u200cтя", "Пётя"),
        ("דני\u200f\u200f\u200e\u061c", "דני\u200f"),
        ("\u200cعلی\u200c", "علی"),
        ("Gwe\x07n", "Gwen"),
        ("Gwen\uffa0", "Gwen"),
        ("G\U000e0067wen", "Gwen"),
        ("G" + "\u0489" * 30 + "wen", "G" + "\u0489" * 4 + "wen"),
        ("Nguye\u0302\u0303n", "Nguy\u1ec5n"),
        ("\uff27wen", "Gwen"),
    ],
)
def test_a_name_is_shown_without_its_tricks(typed: str, shown: str) -> None:
    assert check_name(typed) == shown


@pytest.mark.parametrize(
    "name", ["", "   ", "\u200b\u200d", "\u202e\u202d", "\u0301\u0302", "...", "\u3164", MARKS]
)
def test_a_name_that_nobody_could_read_is_blank(name: str) -> None:
    with pytest.raises(CommentError) as raised:
        check_name(name)
    assert (raised.value.code, raised.value.reason) == (422, "blank")


def test_a_name_has_at_most_forty_characters() -> None:
    assert len(check_name("x" * 40)) == 40
    for name in ("x" * 41, "x" * 5_000_000, "\ufdfa" * 40):
        with pytest.raises(CommentError) as raised:
            check_name(name)
        assert (raised.value.code, raised.value.reason) == (413, "too_long")
