"""Which way a paragraph, an item and a quote is written."""

from __future__ import annotations

import unicodedata

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

CONTAINERS = {"blockquote", "ul", "ol", "li"}


def direct(state: StateCore) -> None:
    """Give every block its direction.

    A browser finds that of a paragraph by itself (dir="auto"). It would look past the paragraphs in a quote
    or a list, which have a direction of their own; so these get that of the first letter in them.
    """
    undirected: list[Token | None] = []  # the open containers; None for one that has a direction
    for token in state.tokens:
        if token.tag == "p" and token.nesting == 1:
            token.attrSet("dir", "auto")
        elif token.tag in CONTAINERS and token.nesting == 1:
            undirected.append(token)
        elif token.tag in CONTAINERS and token.nesting == -1:
            undirected.pop()
        elif token.type == "inline" and any(undirected) and (direction := direction_of(token.content)):
            for container in filter(None, undirected):
                container.attrSet("dir", direction)
            undirected = [None] * len(undirected)


def direction_of(text: str) -> str | None:
    """The direction of the first letter that has one, "ltr" or "rtl": rules P2 and P3 of Unicode's UAX #9."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return None
