"""What a character is to the rules of Markdown."""

from __future__ import annotations

import re
import unicodedata

# Scripts that put no spaces between words, with their punctuation: a mark inside a line of theirs stands
# beside letters. The blocks are Unicode's: Thai to Tibetan, Myanmar, Hangul, Khmer, CJK from its radicals on.
SPACELESS = re.compile(
    "[\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uffef\U0001aff0-\U0001b16f\U00020000-\U0003ffff]"
)


def is_spaceless(character: str) -> bool:
    """Whether it belongs to a script that puts no spaces between words."""
    return SPACELESS.match(character) is not None


def is_punctuation(character: str) -> bool:
    """Whether CommonMark takes it for punctuation, symbols included."""
    return unicodedata.category(character)[0] in "PS"


def is_in_word(character: str) -> bool:
    """Whether it is a letter, a digit or a mark of a script that puts spaces between words."""
    return unicodedata.category(character)[0] in "LNM" and not is_spaceless(character)
