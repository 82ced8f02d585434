"""A comment's text as HTML: a small Markdown, sanitised. No other module makes a comment's HTML."""

import nh3
from markdown_it import MarkdownIt

from comments.text import tame

# Prose only: no headings, tables, images or raw HTML in a comment. A line break stays a line break.
MARKDOWN = (
    MarkdownIt("zero", {"linkify": True, "breaks": True, "html": False, "maxNesting": 20})
    .enable(["newline", "escape", "backticks", "emphasis", "link", "autolink", "linkify", "entity"])
    .enable(["list", "blockquote", "fence", "code", "balance_pairs", "fragments_join"])
)
# Each of these costs time to look for bare addresses; in a text with more, bare addresses stay text.
MOST_ADDRESSES = 300
WITHOUT_ADDRESSES = MarkdownIt("zero", {**MARKDOWN.options, "linkify": False}).enable(
    [rule for rules in MARKDOWN.get_active_rules().values() for rule in rules if rule != "linkify"]
)
TAGS = {"p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"}


def render_comment(content: str) -> str:
    """Return safe HTML for a comment of any origin.

    Every link says that the site does not vouch for it (rel="ugc nofollow").
    """
    markdown = MARKDOWN if content.count("://") <= MOST_ADDRESSES else WITHOUT_ADDRESSES
    html = nh3.clean(
        markdown.render(content),
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="ugc nofollow noopener noreferrer",
    )
    return tame(html)  # last, because an entity such as &#x202e; is a character only now
