"""Code between fences of backticks, also where these stand beside the code."""

from __future__ import annotations

import re
from bisect import bisect, bisect_left
from collections.abc import Iterator
from itertools import accumulate

from markdown_it.rules_block import StateBlock

OPENING = re.compile(r"(`{3,})([^`]*)")
LANGUAGE = re.compile(r"[\w+#.-]*")
# A run of backticks that ends a line; the look back keeps the search from trying each backtick of a run.
LAST_IN_LINE = re.compile(r"(?<!`)`{3,}(?=[ \t]*$)", re.MULTILINE)


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take the lines between two fences for code, and let nothing vanish that was typed beside them.

    The code may begin beside the first fence and end beside the last. For CommonMark, the first hides what is
    beside it and the last is none. Tildes are no fence: ~~~ is a line of waves.
    """
    opening = OPENING.fullmatch(_text(state, start))
    if opening is None or state.is_code_block(start):
        return False
    marks, beside = opening[1], opening[2].strip()
    closing = _find_closing(state, start + 1, end, marks)
    end, closing = _within_item(state, start + 1, end, closing)
    is_language = LANGUAGE.fullmatch(beside) is not None
    if closing is None and (not is_language or start + 1 >= end):
        return False
    if not silent:
        _push(state, start, end if closing is None else closing + 1, _code(state, start, end, closing, marks))
    return True


def _code(state: StateBlock, start: int, end: int, closing: int | None, marks: str) -> str:
    beside = _text(state, start)[len(marks) :].strip()
    code = state.getLines(start + 1, end if closing is None else closing, state.sCount[start], True)
    code += "" if code.endswith("\n") or not code else "\n"
    last = _text(state, closing) if closing is not None else marks
    if last.strip("`"):  # the last line of code and its fence are one: so may be the first, with no language
        return f"{beside}\n{code}{last.removesuffix(marks)}\n".lstrip("\n")
    return code if LANGUAGE.fullmatch(beside) else f"{beside}\n{code}"


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip(" \t")


def _find_closing(state: StateBlock, line: int, end: int, marks: str) -> int | None:
    """The first line that is a closing fence, else the first that ends with one; None where there is none."""
    beside = None
    for each in _lines_with_fences(state, line, end, len(marks)):
        text = _text(state, each)
        if text.startswith(marks) and not text.strip("`"):
            return each
        if beside is None and text.endswith(marks):
            beside = each
    return beside


def _lines_with_fences(state: StateBlock, line: int, end: int, length: int) -> Iterator[int]:
    """The lines from this one on that end with three backticks or more, while any has so many."""
    if "fences" not in state.env:
        found = [match.span() for match in LAST_IN_LINE.finditer(state.src)]
        longest = list(accumulate((end - start for start, end in reversed(found)), max))[::-1]
        state.env["fences"] = [start for start, _ in found], longest
    places, longest = state.env["fences"]
    for index in range(bisect_left(places, state.bMarks[line]), len(places)):
        each = bisect(state.bMarks, places[index]) - 1
        if each >= end or longest[index] < length:
            return
        yield each


def _within_item(state: StateBlock, line: int, end: int, closing: int | None) -> tuple[int, int | None]:
    """The end of the code at most, and its closing line, no further than the list item that it stands in."""
    last = end if closing is None else closing + 1
    for each in range(line, last):
        if state.sCount[each] < state.blkIndent and not state.isEmpty(each):
            return each, None
    return end, closing


def _push(state: StateBlock, start: int, end: int, code: str) -> None:
    token = state.push("fence", "code", 0)
    token.content, token.markup, token.map = code, "```", [start, end]
    state.line = end
