"""A comment's text as HTML: a small Markdown, sanitised. No other module makes a comment's HTML."""

from __future__ import annotations

import re
from html import escape, unescape

import nh3

from comments.errors import CommentError
from comments.markup.parser import Parser
from comments.text import MAX_CONTENT, is_blank, tame

# Each of these costs time to look at; in a text with more, bare addresses stay text.
MOST_ADDRESSES = 300
# Bytes of a comment's HTML: what the longest text of "&" takes, so that plain text always fits, and four
# times what an ordinary text of that length takes. The frame of a comment has less than 64 KiB.
MOST_HTML = len("&amp;") * MAX_CONTENT
ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)
PARSER, WITHOUT_ADDRESSES = Parser(finds_addresses=True), Parser(finds_addresses=False)
TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href"},
    "p": {"dir"},
    "blockquote": {"dir"},
    "ul": {"dir"},
    "ol": {"dir", "start"},
    "li": {"dir", "value"},
}
TAG = re.compile(r"<[^>]*>")


def render_content(content: str) -> str:
    """Return the HTML of a comment that is being written.

    Raises CommentError 422 blank for a text of which a reader would see nothing, such as &nbsp;.
    """
    html = render_comment(content)
    if is_blank(shown_text(html)):
        raise CommentError(422, "blank", "Write something first.")
    return html


def render_comment(content: str) -> str:
    """Return safe HTML for a comment of any origin.

    Every link says that the site does not vouch for it (rel="ugc nofollow"). A text of which the marks would
    make more than MOST_HTML bytes, such as two thousand quotes within quotes, is shown as it was typed: every
    reader is sent what a comment is made into.
    """
    html = _formatted(content)
    return html if len(html.encode()) <= MOST_HTML else _as_typed(content)


def _formatted(content: str) -> str:
    parser = PARSER if len(ADDRESS.findall(content)) <= MOST_ADDRESSES else WITHOUT_ADDRESSES
    html = nh3.clean(
        parser.render(content),
        tags=TAGS,
        attributes=ATTRIBUTES,
        # Code that is wider than a phone scrolls by itself, and a keyboard must be able to reach it.
        set_tag_attribute_values={"pre": {"tabindex": "0"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="ugc nofollow noopener noreferrer",
    )
    return tame(html)  # last, because an entity such as &#x202e; is a character only now


def _as_typed(content: str) -> str:
    lines = escape(tame(content), quote=False).replace("\n", "<br>\n")
    return f'<p dir="auto">{lines}</p>\n'


def shown_text(html: str) -> str:
    """What a reader sees of a comment's HTML, without its tags."""
    return unescape(TAG.sub("", html))
