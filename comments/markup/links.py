"""How many links a comment has: those that come behind the first MOST_LINKS stay as they were typed.

Six characters can make a link of sixty bytes, which every reader is sent, and a text that is nothing but
links helps nobody.
"""

from __future__ import annotations

from collections.abc import Callable

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MOST_LINKS = 50
MADE = "links made"  # in the environment of one text: how many links it has so far

InlineRule = Callable[[StateInline, bool], bool]


def limited(rule: InlineRule) -> InlineRule:
    """The same rule, which makes one link, for as long as the text may have another."""

    def limited_rule(state: StateInline, silent: bool) -> bool:
        if state.env.get(MADE, 0) >= MOST_LINKS or not rule(state, silent):
            return False
        if not silent:
            state.env[MADE] = state.env.get(MADE, 0) + 1
        return True

    return limited_rule


def limit_mailboxes(state: StateCore) -> None:
    """Make text again of the mailboxes, which are found last, that are too many."""
    left = MOST_LINKS - state.env.get(MADE, 0)
    for block in state.tokens:
        found = [token for token in block.children or [] if token.markup == "linkify"]
        ends = {id(token) for token in found[2 * left :]}  # each link has two: where it begins, where it ends
        block.children = _without(block.children, ends) if ends else block.children
        left = max(0, left - len(found) // 2)


def _without(tokens: list[Token] | None, ends: set[int]) -> list[Token]:
    return [token for token in tokens or [] if id(token) not in ends]
