"""The rules for texts: they must not be blank, not be too long, and not deceive readers."""

from __future__ import annotations

import re
import unicodedata

from comments.errors import CommentError

MAX_CONTENT = 5000  # characters of one comment
# Of one as it is sent, with "\r\n" at the ends of its lines and blank lines around it. What is longer is not
# looked at: Python's ways to normalise a text can take time that grows with the square of its length.
MAX_SENT = 2 * MAX_CONTENT
MAX_NAME = 40  # characters of a guest's name
LONGEST_SHOWN_NAME = 150  # characters of a user's or guest's name, as stored
MAX_MARKS = 4  # combining marks on one letter: Vietnamese needs 2, pointed Hebrew 3; Zalgo has dozens
# Letters and symbols by their category, which nobody can see: Hangul fillers and the blank Braille pattern.
INVISIBLE = "\u115f\u1160\u3164\uffa0\u2800"
# Controls that turn the direction of what follows, to the end of the text if nothing ends them: Unicode's
# UAX #9, section 2. The plain marks (U+200E, U+200F, U+061C) turn nothing, and scripts need them.
BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # by a database, or in JSON text
# What no reader sees, and XML can't hold: controls but tab and line feed, and what is no character at all.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Blank lines before a text, and a single space, which is no indent.
BEFORE_TEXT = re.compile(r"(?:[^\S\n]*\n)*(?: (?=\S))?")


def check_content(content: str) -> str:
    """Return the comment's text without white space around it, but for the indent of its first line.

    Raises CommentError: 400 bad_field, 413 too_long, 422 blank.
    """
    if len(content) > MAX_SENT:
        raise _too_long()
    check_encodable(content)
    content = tidy(content)
    if len(content) > MAX_CONTENT:
        raise _too_long()
    if is_blank(content):
        raise CommentError(422, "blank", "Write something first.")
    return content


def _too_long() -> CommentError:
    return CommentError(413, "too_long", f"A comment has at most {MAX_CONTENT:,} characters.")


def tidy(content: str) -> str:
    """The text with "\\n" at the ends of lines, and without the blank lines before and after it."""
    return BEFORE_TEXT.sub("", LINE_ENDS.sub("\n", content), count=1).rstrip()


def check_encodable(text: str) -> None:
    """Raise CommentError 400 for a text that no database column or JSON text can hold."""
    if UNSTORABLE.search(text):
        raise CommentError(400, "bad_field", "The text holds characters that can't be stored.")


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: spaces, controls, zero-width characters, lone combining marks."""
    return all(_is_blank(character) for character in text)


def _is_blank(character: str) -> bool:
    # Not all of "C": a character that this Python's Unicode does not know yet may be next year's emoji.
    category = unicodedata.category(character)
    return category[0] in "ZM" or category in ("Cc", "Cf") or character in INVISIBLE


def tame(text: str) -> str:
    """The text without what overrides direction or is no character, and with MAX_MARKS marks on a letter."""
    tamed = []
    marks = 0
    for character in UNPRINTABLE.sub("", BIDI_CONTROLS.sub("", text)):
        category = unicodedata.category(character)
        if category in ("Mn", "Me"):
            marks += 1
        elif category != "Cf":  # marks pile up across zero-width characters too
            marks = 0
        if marks <= MAX_MARKS or category == "Cf":
            tamed.append(character)
    return "".join(tamed)
