"""Stars and underscores: which of them are emphasis, and which are sums, names, faces and curses.

markdown-it finds and pairs them. What is decided here is only which run of them may open or close.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from comments.markup.characters import is_in_word, is_punctuation, is_spaceless

LONGEST_WORD = 60  # characters looked at before a mark that ends within a word
# Underscores stand between spaces and these, by category and by themselves: >_<, -_-, ¯\_(ツ)_/¯ are faces.
BEFORE = {"Ps", "Pi", "Pf", *"\"'*_\u2013\u2014"}
AFTER = {"Pe", "Pi", "Pf", *"\"'*_\u2013\u2014.,;:!?\u2026"}
FILE_ENDING = re.compile(r"\.\w")
CALL = re.compile(r"\(|\.\w")


def emphasis(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule, with our own answer to whether the run may open and close."""
    start, known = state.pos, len(state.delimiters)
    if not tokenize(state, silent):
        return False
    run = Run(state, start, state.pos)
    may_open, may_close = run.may_open, run.may_close
    for delimiter in state.delimiters[known:]:
        delimiter.open, delimiter.close = may_open, may_close
    return True


class Run:
    """A run of stars or underscores between the character before it and the one after it.

    It flanks words as CommonMark says (section 6.2), but that the punctuation of a script without spaces is
    no obstacle: 「**重要。**次」 is bold.
    """

    def __init__(self, state: StateInline, start: int, end: int) -> None:
        self.source, self.start, self.end = state.src, start, end
        self.marker = state.src[start]
        self.before = state.src[start - 1] if start else " "
        self.after = state.src[end] if end < state.posMax else " "
        self.left = self._flanks(inside=self.after, outside=self.before)
        self.right = self._flanks(inside=self.before, outside=self.after)

    @property
    def may_open(self) -> bool:
        if not self.left or self.after in ",;)]}" or self._is_pattern():
            return False
        if unicodedata.category(self.after) == "Sk" and self.after != "`":  # the face (*^o^*)
            return False
        if self.marker == "*":  # 2*3*4, f**k
            return not is_in_word(self.before)
        return _is_beside(self.before, BEFORE) or (self.before == "/" and is_in_word(self.after))

    @property
    def may_close(self) -> bool:
        if not self.right or self.before in "([{":
            return False
        if self.marker == "*":
            return not is_in_word(self.after) or self._opens_in_this_word()
        if CALL.match(self.source, self.end):  # __init__.py, __init__()
            return False
        return _is_beside(self.after, AFTER) or (self.after == "/" and is_in_word(self.before))

    @staticmethod
    def _flanks(*, inside: str, outside: str) -> bool:
        if inside.isspace():
            return False
        is_open = outside.isspace() or is_punctuation(outside) or is_spaceless(outside)
        return is_open or is_spaceless(inside) or not is_punctuation(inside)

    def _is_pattern(self) -> bool:
        """Whether it stands for anything, as in *.py and foo.*"""
        is_single = self.end - self.start == 1
        return is_single and (self.before == "." or FILE_ENDING.match(self.source, self.end) is not None)

    def _opens_in_this_word(self) -> bool:
        """Whether the part of the word before this run began with such a run, as in **E**lectronic."""
        word = self.source[max(0, self.start - LONGEST_WORD) : self.start].split()[-1]
        return self.source[self.start : self.end] in word


def _is_beside(character: str, these: set[str]) -> bool:
    is_one = character in these or unicodedata.category(character) in these
    return is_one or character.isspace() or (is_punctuation(character) and is_spaceless(character))


def part_empty_pairs(state: StateInline) -> None:
    """Undo the pairs that have no word between them: *_* is a face."""
    words = [0, *accumulate(_says_something(token) for token in state.tokens)]
    lists = [state.delimiters, *(meta["delimiters"] for meta in state.tokens_meta if meta)]
    for delimiters in lists:
        for opener in delimiters:
            if opener.end >= 0 and not _words_between(words, opener, delimiters[opener.end]):
                opener.end = -1


def _words_between(words: list[int], opener: Delimiter, closer: Delimiter) -> int:
    return words[closer.token] - words[opener.token + 1]


def _says_something(token: Token) -> bool:
    if token.type not in ("text", "text_special"):
        return token.type in ("code_inline", "link_open")
    return any(character.isalnum() or _is_picture(character) for character in token.content)


def _is_picture(character: str) -> bool:
    """Whether it is an emoji, and no part of a face such as ▽."""
    return character == "\ufe0f" or (
        unicodedata.category(character) == "So" and unicodedata.east_asian_width(character) == "W"
    )
