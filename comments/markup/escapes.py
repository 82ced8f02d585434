"""Backslashes and backticks: which of them are Markdown, and which are paths, faces and apostrophes."""

from __future__ import annotations

import re
import unicodedata

from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.backticks import backtick

from comments.markup.characters import is_in_word

BACKSLASHES = re.compile(r"\\+")
DRIVE = re.compile(r"(?:^|\W)[A-Za-z]:$")
# A path on a server or a drive of Windows, from its backslash to the next space.
PATH = re.compile(r"\\{1,2}[^\s\"<>|]+")
SERVER = re.compile(r"\\\\\w")
ENTITY = re.compile(r"&(?:#\d|#[xX][\da-fA-F]|[A-Za-z])\w*;")
NUMBER = re.compile(r"\s*\d{1,9}")


def backslash(state: StateInline, silent: bool) -> bool:
    """Drop a backslash that keeps the next character from being Markdown; any other stays as typed.

    CommonMark drops it before any punctuation, and so takes a hand from ¯\\_(ツ)_/¯ and a server from a path.
    """
    start = state.pos
    run = BACKSLASHES.match(state.src, start, state.posMax)
    if run is None:
        return False
    end = _end_of_path(state, start)
    if not end and len(run[0]) == 1 and _escapes(state, start + 1):
        if not silent:
            token = state.push("text_special", "", 0)
            token.content, token.markup = state.src[start + 1], state.src[start : start + 2]
            token.info = "escape"
        state.pos = start + 2
        return True
    end = end or run.end()
    if not silent:
        state.append_pending(state.src[start:end])
    state.pos = end
    return True


def _end_of_path(state: StateInline, start: int) -> int:
    """Where the path ends that this backslash belongs to; 0 where there is none."""
    before = state.src[max(0, start - 3) : start]
    is_on_server = SERVER.match(state.src, start) and not (before and before[-1].isalnum())
    if not is_on_server and not DRIVE.search(before):
        return 0
    path = PATH.match(state.src, start, state.posMax)
    return path.end() if path else 0


def _escapes(state: StateInline, at: int) -> bool:
    """Whether the character at this place, which stands after a backslash, would be Markdown without it."""
    if at >= state.posMax:
        return False
    character, source = state.src[at], state.src
    line = source[source.rfind("\n", 0, at) + 1 : at - 1]
    if character in "*_":
        return not line or unicodedata.category(line[-1]) != "Sk"
    if character in "[]":
        return "](" in source or "]\\(" in source
    if character in "-#>":
        return not line.strip()
    if character in ".)":
        return NUMBER.fullmatch(line) is not None
    if character == "(":
        return line.endswith("]")
    if character == "&":
        return ENTITY.match(source, at) is not None
    return character in "`<"


def code_span(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule, but that a single backtick after a letter is an apostrophe: don`t."""
    start = state.pos
    is_single = state.src[start] == "`" and state.src[start + 1 : start + 2] != "`"
    if is_single and start and is_in_word(state.src[start - 1]):
        if not silent:
            state.append_pending("`")
        state.pos = start + 1
        return True
    return backtick(state, silent)
