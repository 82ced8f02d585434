"""The parser of comments: markdown-it with the rules that this package has of its own."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import autolink

from comments.markup.addresses import ADDRESSES, address, labelled_link, leads_to, may_lead_to
from comments.markup.blocks import end_of_item, indented_paragraph, items, number_items, quote
from comments.markup.directions import direct
from comments.markup.emphasis import emphasis, part_empty_pairs
from comments.markup.escapes import backslash, code_span
from comments.markup.fences import fence
from comments.markup.links import limit_mailboxes, limited

# Prose only: no headings, tables, images or raw HTML in a comment. A line break stays a line break.
OPTIONS = {"linkify": True, "breaks": True, "html": False, "maxNesting": 20}
RULES = ["newline", "escape", "backticks", "emphasis", "link", "autolink", "linkify", "entity"]
RULES += ["list", "blockquote", "fence", "code", "balance_pairs", "fragments_join"]
BEGINNINGS = r"(?i:https?:|www\.)"  # where a word may be an address


class Parser(MarkdownIt):
    """markdown-it with our rules. finds_addresses: whether bare addresses become links."""

    def __init__(self, *, finds_addresses: bool) -> None:
        super().__init__("zero", {**OPTIONS, "linkify": finds_addresses})
        self.linkify = ADDRESSES
        self.enable(RULES)
        self._replace_blocks()
        self._replace_inlines()
        self.core.ruler.after("block", "number_items", number_items)
        self.core.ruler.after("linkify", "limit_mailboxes", limit_mailboxes)
        self.core.ruler.push("direct", direct)

    def normalizeLink(self, url: str) -> str:
        return leads_to(url)

    def normalizeLinkText(self, link: str) -> str:
        return link  # as typed

    def validateLink(self, url: str) -> bool:
        return may_lead_to(url)

    def _replace_blocks(self) -> None:
        ruler = self.block.ruler
        ruler.at("fence", fence, {"alt": ["paragraph"]})
        ruler.at("blockquote", quote, {"alt": ["paragraph"]})
        ruler.at("list", items, {"alt": ["paragraph"]})
        ruler.at("paragraph", indented_paragraph)
        ruler.before("paragraph", "end_of_item", end_of_item, {"alt": ["paragraph"]})

    def _replace_inlines(self) -> None:
        ruler = self.inline.ruler
        ruler.at("linkify", limited(address))
        ruler.at("escape", backslash)
        ruler.at("backticks", code_span)
        ruler.at("emphasis", emphasis)
        ruler.at("link", limited(labelled_link))
        ruler.at("autolink", limited(autolink))
        self.inline.ruler2.before("emphasis", "part_empty_pairs", part_empty_pairs)
        self.inline.terminator_re = re.compile(f"{self.inline.terminator_re.pattern}|{BEGINNINGS}")
