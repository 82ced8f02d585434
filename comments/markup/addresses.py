"""Which words are addresses, where they end, and where a link may lead."""

from __future__ import annotations

import re

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.link import link

from comments.markup.characters import SPACELESS, is_in_word

SCHEME = re.compile(r"(?:https?:|www\.)", re.IGNORECASE)
WWW = re.compile(r"www\.", re.IGNORECASE)
# What is no part of an address, though an address may hold any of it in theory: the punctuation of Chinese,
# Japanese and Korean, and quotation marks.
FOREIGN = re.compile(
    "[\u3000-\u3004\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
    "\u201c-\u201e\u00ab\u00bb\u2039\u203a]"
)
# A word without Latin letters that follows the end of a host: in 看https://example.org就知道, the last three.
JOINED = re.compile(
    rf"((?:https?://|www\.)[\w.-]*\.[a-z]{{2,}})(?={SPACELESS.pattern})(?![\w-]*\.\w)", re.IGNORECASE
)
TRAILING = ".,;:!?*_~'\u2018\u2019\u2026\"`"
HOST = re.compile(r"www\.[^\s/?#.]+\.[^\s/?#.]", re.IGNORECASE)
MAY_LEAD = re.compile(r"https?://|mailto:|[/?#](?![/\\])", re.IGNORECASE)
MOST_BRACKETS = 1_000  # each costs time to look for the other; a text with more has no links by brackets
EMPTY_LABEL = re.compile(r"\[\s*\]")
EMPTY_LINK = re.compile(r"\(\s*(?:<>\s*)?\)$")


def leads_to(url: str) -> str:
    """The address that a link leads to; one that begins with www. is taken for a secure one."""
    return normalizeLink(f"https://{url}" if WWW.match(url) else url)


def may_lead_to(url: str) -> bool:
    """Whether a link may lead there: to the web, to a mailbox, or to a path of this site.

    Anything else is no link but std::string, or the call handlers[name](event).
    """
    return MAY_LEAD.match(url) is not None


class Addresses(LinkifyIt):
    """linkify-it, which finds addresses of the web by their beginning alone, and those of mailboxes anywhere.

    It guesses neither from an ending (README.md, "did it.It") nor from two slashes.
    """

    def __init__(self) -> None:
        super().__init__(options={"fuzzy_link": False})
        self.add("ftp:", None).add("//", None)
        self.add("www.", {"validate": self._validate_www})

    def _validate_www(self, text: str, pos: int) -> int:
        begin = pos - len("www.")
        if not HOST.match(text, begin):
            return 0
        return int(self._validate_http(f"//{text[begin:]}", 0)) - len("//www.")

    def pretest(self, text: str) -> bool:
        return "@" in text

    def test(self, text: str) -> bool:
        return "@" in text

    def match(self, text: str) -> list[Match] | None:
        """The mailboxes in a text; the rule `address` finds the rest."""
        found = [each for each in super().match(text) or [] if _is_mailbox(each, text)]
        return found or None


ADDRESSES = Addresses()


def _is_mailbox(found: Match, text: str) -> bool:
    """Whether it is no place of a repository, such as git@example.org:plums.git."""
    after = text[found.last_index : found.last_index + 2]
    return found.schema == "mailto:" and (after[:1] not in (":", "/") or not after[1:].strip())


def address(state: StateInline, silent: bool) -> bool:
    """Make a link of an address that begins here with http://, https:// or www., and show it as typed."""
    if state.linkLevel or not state.md.options.linkify or not SCHEME.match(state.src, state.pos):
        return False
    before = state.src[state.pos - 1] if state.pos else " "
    if is_in_word(before) or before in "/@.-":
        return False
    found = ADDRESSES.match_at_start(state.src[state.pos : state.posMax])
    url = _cut(found.raw) if found else ""
    href = state.md.normalizeLink(url)
    if not url or not state.md.validateLink(href):
        return False
    if not silent:
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = url
        state.push("link_close", "a", -1)
    state.pos += len(url)
    return True


def _cut(url: str) -> str:
    """The address without what follows it: punctuation, words without spaces, marks of emphasis."""
    if not url.isascii():
        if foreign := FOREIGN.search(url):
            url = url[: foreign.start()]
        if joined := JOINED.match(url):
            url = joined[1]
    return url.rstrip(TRAILING)


def labelled_link(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule, but that a link without words or without an address stays as typed."""
    source, start = state.src, state.pos
    if source[start] != "[" or source.find("](", start) < 0 or source.count("[") > MOST_BRACKETS:
        return False
    if EMPTY_LABEL.match(source, start) or not link(state, True):
        return False
    is_empty = EMPTY_LINK.search(source, start, state.pos) is not None
    if not is_empty and silent:
        return True
    state.pos = start
    return not is_empty and link(state, False)
