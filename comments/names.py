"""The rules for guests' names: what a name may hold, and which names look alike."""

from __future__ import annotations

import re
import unicodedata

from confusable_homoglyphs import confusables
from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace

from comments.errors import CommentError
from comments.text import INVISIBLE, MAX_NAME, check_encodable, tame

MAX_SENT = 10 * MAX_NAME  # characters of a name as it is sent, with all that is left out of it
JOINERS = "\u200c\u200d"
DIRECTION_MARKS = "\u200e\u200f\u061c"
FLAG, FLAG_LETTERS = "\U0001f3f4", re.compile("[\U000e0020-\U000e007f]")  # of England, of Texas
# Where next year's emoji will be, of which this Python's Unicode knows nothing yet.
PICTURES = re.compile("[\U0001f000-\U0001faff]")
# A joiner may stand between letters without capitals (Arabic, Devanagari), their marks, and parts of emoji.
JOINED = {"Lo", "Mn", "Mc", "So", "Sk"}


def check_name(name: str) -> str:
    """Return a guest's name as it will be shown, with the invisible characters that its script needs.

    Raises CommentError: 400 bad_field, 413 too_long, 422 blank.
    """
    if len(name) > MAX_SENT:
        raise _too_long()
    check_encodable(name)
    name = tame(" ".join(unicodedata.normalize("NFKC", name).split()))
    name = _without_needless(name).strip()
    if len(name) > MAX_NAME:
        raise _too_long()
    if not any(character.isalnum() or _is_picture(character) for character in name):
        raise CommentError(422, "blank", "Please give a name.")
    return name


def _too_long() -> CommentError:
    return CommentError(413, "too_long", f"A name has at most {MAX_NAME} characters.")


def _without_needless(name: str) -> str:
    """The name without characters that nobody sees and that its script does not need."""
    is_directed = any(unicodedata.bidirectional(character) in ("R", "AL") for character in bare(name))
    kept = ""
    for index, character in enumerate(name):
        before, after = kept[-1:], name[index + 1 : index + 2]
        if character in JOINERS:
            is_needed = _is_joined(before) and (_is_joined(after) or _is_virama(before))
        elif character in DIRECTION_MARKS:
            is_needed = is_directed and before not in DIRECTION_MARKS
        elif FLAG_LETTERS.match(character):
            is_needed = before == FLAG or FLAG_LETTERS.match(before) is not None
        else:
            is_needed = character not in INVISIBLE and not _is_control(character)
        kept += character if is_needed else ""
    return kept


def _is_joined(character: str) -> bool:
    return bool(character) and unicodedata.category(character) in JOINED


def _is_virama(character: str) -> bool:
    """Whether it takes the vowel from the letter before it; a joiner after it says how that is written."""
    return unicodedata.combining(character) == 9


def _is_control(character: str) -> bool:
    return unicodedata.category(character)[0] == "C" and not PICTURES.match(character)


def _is_picture(character: str) -> bool:
    """Whether it is a symbol that can be a name by itself, such as an emoji."""
    return unicodedata.category(character) == "So" or PICTURES.match(character) is not None


def bare(name: str) -> str:
    """The name as it is compared: without the joiners and direction marks that nobody sees."""
    return re.sub(f"[{JOINERS}{DIRECTION_MARKS}]", "", name)


def bare_column(column: str | Combinable) -> Combinable:
    """The same of a column of a query."""
    expression: Combinable = F(column) if isinstance(column, str) else column
    for mark in JOINERS + DIRECTION_MARKS:
        expression = Replace(expression, Value(mark))
    return expression


def skeleton(name: str) -> str:
    """What the name looks like: a lower-case Latin letter stands for each character that looks like it.

    It follows Unicode's UTS #39, with its table of confusable characters. Two names with one skeleton can be
    mistaken for each other; the skeleton itself is never shown. Only a name without letters keeps symbols.
    """
    folded = unicodedata.normalize("NFKD", name.casefold())
    return "".join(_latin(character) for character in folded if character.isalnum()) or bare(folded)


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
