"""The rules for texts and names: they must not be blank, not be too long, and not deceive readers."""

from __future__ import annotations

import re
import unicodedata

from confusable_homoglyphs import confusables

from comments.errors import CommentError

MAX_CONTENT = 5000  # characters of one comment
MAX_NAME = 40  # characters of a guest's name
LONGEST_SHOWN_NAME = 150  # characters of a user's or guest's name, as stored
MAX_MARKS = 4  # combining marks on one letter: Vietnamese needs 2, pointed Hebrew 3; Zalgo has dozens
# Letters and symbols by their category, which nobody can see: Hangul fillers and the blank Braille pattern.
INVISIBLE = "\u115f\u1160\u3164\uffa0\u2800"
# Controls that turn the direction of the text around them: Unicode's UAX #9, section 2.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


def check_content(content: str) -> str:
    """Return the comment's text without surrounding white space.

    Raises CommentError: 400 bad_field, 413 too_long, 422 blank.
    """
    check_encodable(content)
    content = content.replace("\r\n", "\n").strip()
    if len(content) > MAX_CONTENT:
        raise CommentError(413, "too_long", f"A comment has at most {MAX_CONTENT:,} characters.")
    if is_blank(content):
        raise CommentError(422, "blank", "Write something first.")
    return content


def check_encodable(text: str) -> None:
    """Raise CommentError 400 for a text that no database column or JSON text can hold."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise CommentError(400, "bad_field", "The text holds characters that can't be stored.")


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: spaces, controls, zero-width characters, lone combining marks."""
    return all(_is_blank(character) for character in text)


def _is_blank(character: str) -> bool:
    # Not all of "C": a character that this Python's Unicode does not know yet may be next year's emoji.
    category = unicodedata.category(character)
    return category[0] in "ZM" or category in ("Cc", "Cf") or character in INVISIBLE


def tame(text: str) -> str:
    """The text without direction overrides, and with at most MAX_MARKS combining marks in a row."""
    tamed = []
    marks = 0
    for character in BIDI_CONTROLS.sub("", text):
        category = unicodedata.category(character)
        if category in ("Mn", "Me"):
            marks += 1
        elif category != "Cf":  # marks pile up across zero-width characters too
            marks = 0
        if marks <= MAX_MARKS or category == "Cf":
            tamed.append(character)
    return "".join(tamed)


def check_name(name: str) -> str:
    """Return a guest's name as it will be shown.

    Raises CommentError: 400 bad_field, 413 too_long, 422 blank.
    """
    check_encodable(name)
    name = " ".join(unicodedata.normalize("NFKC", name[: 10 * MAX_NAME]).split())
    name = "".join(c for c in tame(name) if unicodedata.category(c)[0] != "C" and c not in INVISIBLE)
    if len(name) > MAX_NAME:
        raise CommentError(413, "too_long", f"A name has at most {MAX_NAME} characters.")
    if not any(character.isalnum() for character in name):
        raise CommentError(422, "blank", "Please give a name.")
    return name


def skeleton(name: str) -> str:
    """What the name looks like: a lower-case Latin letter stands for each character that looks like it.

    It follows Unicode's UTS #39, with its table of confusable characters. Two names with one skeleton can be
    mistaken for each other; the skeleton itself is never shown.
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(_latin(character) for character in folded if character.isalnum())


def _latin(character: str) -> str:
    if character in "0o":
        return "o"
    if character in "1il":
        return "l"
    if character == "m":
        return "rn"
    if character.isascii():
        return character
    found = confusables.is_confusable(character, greedy=True, preferred_aliases=[])
    alike = [entry["c"].casefold() for entry in found[0]["homoglyphs"]] if found else []
    latin = sorted(look for look in alike if look.isascii() and look.isalnum())
    return _latin(latin[0]) if latin else character
