"""Markdown to HTML that is safe to print into a page, a feed and the admin's preview.

There are two layers, and each would be enough alone: the parser shows the author's own HTML as text, and the
sanitiser keeps only the tags that the parser makes.
"""

from collections.abc import Callable

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.smartquotes import smartquotes
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.rules_inline.image import image
from markdown_it.rules_inline.link import link
from markdown_it.rules_inline.linkify import linkify
from markdown_it.token import Token

# How many marks of a kind one paragraph may have. Brackets and addresses cost the parser the square of their
# number, stars and underscores cost many steps each; a paragraph with more shows those marks as typed.
MOST_MARKS = {"[": 100, "://": 300, "*": 2_000, "_": 2_000}
# Quotation marks cost a copy of the text each. With more than this in an article they stay straight.
MOST_QUOTES = 5_000

TAGS = {
    *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "em", "strong", "s", "a"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "div", "img", "figure", "figcaption"),
}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "code": {"class"},
}
ALIGNMENTS = {"align": {"left", "center", "right"}}

Rule = Callable[[StateInline, bool], bool]


def render(source: str) -> str:
    """Return `source` as sanitised HTML, without inline style, and no heading above h2 (h1 is the title).

    Images are kept when they are this site's own ("/static/…"). The content security policy would not load
    any other, so of a remote image only the description stays.
    """
    return nh3.clean(
        _parser.render(source),
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_keep_attribute,
        tag_attribute_values={"th": ALIGNMENTS, "td": ALIGNMENTS},
        # A table or code that is wider than a phone scrolls by itself, and a keyboard must be able to reach
        # it. The only div is the one that _wrap_tables makes.
        set_tag_attribute_values={
            "pre": {"tabindex": "0"},
            "div": {"class": "table", "role": "group", "aria-label": "Table", "tabindex": "0"},
        },
        url_schemes={"http", "https", "mailto"},
        link_rel=None,  # links open in the same tab, and the site's referrer policy speaks for all of them
    )


def is_local(url: str) -> bool:
    """Whether `url` is a path here: "/x", not "//host/x" nor "/\\host/x", which browsers take for that."""
    return url.startswith("/") and not url.startswith(("//", "/\\"))


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src") and not is_local(value):
        return None
    if (tag, name) == ("code", "class") and not value.startswith("language-"):
        return None
    return value


def _bounded(rule: Rule, *marks: str) -> Rule:
    """Return `rule` switched off in a text that has more than MOST_MARKS of one of `marks`."""

    def bounded(state: StateInline, silent: bool) -> bool:
        counted = state.env.setdefault(f"marks {marks}", {})
        if counted.get("text") is not state.src:  # once per text, not once per mark
            crowded = any(state.src.count(mark) > MOST_MARKS[mark] for mark in marks)
            counted.update(text=state.src, crowded=crowded)
        return not counted["crowded"] and rule(state, silent)

    return bounded


def _bounded_smartquotes(state: StateCore) -> None:
    if state.src.count('"') + state.src.count("'") <= MOST_QUOTES:
        smartquotes(state)


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.tag == "h1":
            token.tag = "h2"


def _align_without_style(state: StateCore) -> None:
    """Align cells by an attribute: the policy forbids inline style, and feed readers drop classes."""
    for token in state.tokens:
        if token.tag in {"th", "td"} and (style := token.attrs.pop("style", None)):
            token.attrs["align"] = str(style).removeprefix("text-align:")


def _wrap_tables(state: StateCore) -> None:
    wrapped = []
    for token in state.tokens:
        if token.type == "table_open":
            wrapped.append(Token("table_wrap_open", "div", 1, block=True))
        wrapped.append(token)
        if token.type == "table_close":
            wrapped.append(Token("table_wrap_close", "div", -1, block=True))
    state.tokens = wrapped


def _drop_remote_images(state: StateCore) -> None:
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "image" and not is_local(str(child.attrs["src"])):
                child.type, child.tag = "text", ""
                child.content = "".join(part.content for part in child.children or [])


def _caption_images(state: StateCore) -> None:
    """Make a figure of a paragraph that is one image with a title: ![what it shows](/x.svg "The caption")."""
    for opening, inline, closing in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        children = inline.children or []
        alone = opening.type == "paragraph_open" and len(children) == 1 and children[0].type == "image"
        if alone and (title := children[0].attrs.pop("title", None)):
            opening.tag = closing.tag = "figure"
            caption = Token("text", "", 0, content=str(title))
            children += [
                Token("figcaption_open", "figcaption", 1),
                caption,
                Token("figcaption_close", "figcaption", -1),
            ]


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "linkify": True, "typographer": True})
    parser.inline.ruler.at("link", _bounded(link, "["))
    parser.inline.ruler.at("image", _bounded(image, "["))
    parser.inline.ruler.at("linkify", _bounded(linkify, "://"))
    parser.inline.ruler.at("emphasis", _bounded(emphasis.tokenize, "*", "_"))
    parser.core.ruler.at("smartquotes", _bounded_smartquotes)
    steps = (_lower_headings, _align_without_style, _wrap_tables, _drop_remote_images, _caption_images)
    for step in steps:
        parser.core.ruler.push(step.__name__.strip("_"), step)
    return parser


_parser = _make_parser()
