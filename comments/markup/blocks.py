"""Quotes, lists, code and paragraphs: where each begins and ends in what people type."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock, blockquote, list_block, paragraph
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Quotes in quotes and lists in lists: deeper ones stay as typed. A phone has no room for them, and beyond
# markdown-it's own bound (maxNesting) a text would vanish.
MOST_LEVELS = 10
LOOKAHEAD = 50  # lines in which a numbered list must go on, unless it begins at 1

QUOTE = re.compile(r">{1,2}(?![^ \t\n])")  # not the arrow of >_<, nor Python's >>>
QUOTED = re.compile(r"[> \t]*[^> \t\n]")
BULLET = re.compile(r"[-*][ \t]+[^ \t\n]")
DIVIDER = re.compile(r"(?:[-*][ \t]*)+$", re.MULTILINE)
NUMBERED = re.compile(r"(\d{1,9})([.)])[ \t]+[^ \t\n]")


def quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's rule for lines that begin with "> ", and for no others.

    CommonMark takes the lines below into the quote until one is empty, and so puts the answer into the mouth
    of the one who is answered.
    """
    if not _opens_quote(state, start):
        return False
    if silent:
        return True
    after = start + 1
    while after < end and _is_quoted(state, after):
        after += 1
    last, state.lineMax = state.lineMax, after
    blockquote(state, start, after, False)
    state.lineMax = last
    return True


def _opens_quote(state: StateBlock, line: int) -> bool:
    """Whether a quote begins here: with words in this line or, where it is empty, the next."""
    if state.level >= MOST_LEVELS or state.is_code_block(line) or not _is_quoted(state, line):
        return False
    lines = (each for each in (line, line + 1) if each < state.lineMax and _is_quoted(state, each))
    return any(QUOTED.match(state.src, _begin(state, each)) for each in lines)


def _is_quoted(state: StateBlock, line: int) -> bool:
    is_inside = state.sCount[line] >= state.blkIndent
    return is_inside and QUOTE.match(state.src, _begin(state, line), state.eMarks[line]) is not None


def _begin(state: StateBlock, line: int) -> int:
    """Where the line begins in the source, after its indent."""
    return state.bMarks[line] + state.tShift[line]


def items(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's rule for lines that are meant as a list: not 1986. What a year, not "- - -"."""
    return _opens_list(state, start) and list_block(state, start, end, silent)


def _opens_list(state: StateBlock, line: int) -> bool:
    if state.level >= MOST_LEVELS:
        return False
    begin = _begin(state, line)
    if BULLET.match(state.src, begin):
        return not DIVIDER.match(state.src, begin)
    number = NUMBERED.match(state.src, begin)
    return number is not None and (int(number[1]) < 2 or _goes_on(state, line, number))


def _goes_on(state: StateBlock, line: int, number: re.Match[str]) -> bool:
    """Whether one of the next lines has the next number."""
    following = f"{int(number[1]) + 1}{number[2]}"
    lines = range(line + 1, min(state.lineMax, line + LOOKAHEAD))
    return any(state.src.startswith(following, _begin(state, each)) for each in lines)


def end_of_item(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """End a paragraph of a list item at a line that is not indented: it is no part of the item.

    The rule stands among those that end paragraphs; as a block by itself it is never found.
    """
    return silent and state.listIndent >= state.sCount[line] < state.blkIndent


def indented_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """markdown-it's rule, but the wide spaces stay with which Chinese and Japanese begin a paragraph."""
    found = paragraph(state, start, end, silent)
    lines = state.getLines(start, state.line, state.blkIndent, False)
    state.tokens[-2].content = lines.strip(" \t\n")
    return found


def number_items(state: StateCore) -> None:
    """Have numbered items keep their numbers where these skip some; 1. 1. 1. still counts."""
    lists: list[tuple[int, int]] = []  # of each open list, the next number and the last one typed
    for token in state.tokens:
        if token.type == "ordered_list_open":
            lists.append((int(token.attrGet("start") or 1), -1))
        elif token.type == "ordered_list_close":
            lists.pop()
        elif token.type == "list_item_open" and token.info:
            lists[-1] = _number(token, *lists[-1])


def _number(item: Token, following: int, last: int) -> tuple[int, int]:
    typed = int(item.info)
    if typed not in (following, last):
        item.attrSet("value", str(typed))
        following = typed
    return following + 1, typed
