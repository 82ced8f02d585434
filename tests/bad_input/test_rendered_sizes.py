"""Five thousand characters stay a comment of that size: no marks make much more of it for every reader."""

from __future__ import annotations

import pytest

from comments import wire
from comments.markup.links import MOST_LINKS
from comments.rendering import MOST_HTML, render_comment
from comments.text import MAX_CONTENT
from realtime.readers.send_queue import LARGEST_BATCH
from tests.comments.test_rendering import check_inert

LINK = "<a "
AROUND = len('<p dir="auto"></p>\n')  # what plain text has around it

# Each repeats to the longest text; where it is longer, its beginning counts.
GROWING = {
    "bare addresses": "https://a.bc ",
    "secure ones": "www.a.bc ",
    "mailboxes": "a@b.co ",
    "labelled links": "[a](/)",
    "labelled links to the web": "[a](http://b)",
    "links in brackets": "<http://a>",
    "mailboxes in brackets": "<a@b.co>",
    "every kind of link": "[a](/) <http://a> www.a.bc a@b.co ",
    "an address in emoji": f"http://a.bc/{'🍑' * MAX_CONTENT}",
    "a link to emoji": f"[a](/{'🍑' * MAX_CONTENT})",
    "hosts in other scripts": f"http://{'ä.' * 20}de ",
    "quotes in quotes": f"{'> ' * 10}a\n\n",
    "lists in lists": f"{'- ' * 10}a\n\n",
    "numbers in quotes": f"{'> 1. ' * 5}a\n\n",
    "items with paragraphs": "- a\n\n",
    "items with numbers": "1. a\n1) a\n",
    "items": "- a\n",
    "items that are code": "- ```\n  a\n",
    "paragraphs": "a\n\n",
    "paragraphs from right to left": "א\n\n",
    "lines": "🍑\n",
    "code": "```\na\n```\n",
    "words of code": "`a` ",
    "indented code": "    a\n\nb\n\n",
    "bold words": "**a** ",
    "bold lines": "*a*\n",
    "what HTML escapes": "&",
    "what both HTML and JSON escape": '<"',
    "spaces": "\u00a0a",
    "emoji": "🍑",
}


def longest(piece: str) -> str:
    return (piece * MAX_CONTENT)[:MAX_CONTENT].strip()


@pytest.mark.parametrize("piece", GROWING.values(), ids=GROWING)
def test_no_marks_make_much_more_of_a_text(piece: str) -> None:
    content = longest(piece)

    html = render_comment(content)

    assert len(html.encode()) <= MOST_HTML + AROUND
    assert html.count(LINK) <= MOST_LINKS
    assert len(wire.encode({"content": content, "html": html})) < LARGEST_BATCH - 2000
    check_inert(html)


@pytest.mark.parametrize("link", ["http://a.bc", "www.a.bc", "a@b.co", "[a](/)", "<http://a.bc>", "<a@b.co>"])
def test_the_links_beyond_the_first_fifty_stay_as_they_were_typed(link: str) -> None:
    html = render_comment(f"{link} " * (MOST_LINKS + 2))

    assert html.count(LINK) == MOST_LINKS
    typed = link.replace("<", "&lt;").replace(">", "&gt;")
    assert html.rpartition("</a>")[2] == f" {typed} {typed}</p>\n"


def test_mailboxes_count_with_the_other_links_whatever_paragraph_they_are_in() -> None:
    html = render_comment("a@b.co\n\n" * 30 + "[a](/) " * 40)

    assert html.count('href="/"') == 40
    assert html.count("mailto:") == MOST_LINKS - 40


def test_a_text_that_would_be_too_large_is_shown_as_it_was_typed() -> None:
    typed = f"{'> ' * 10}a & *b*\n\n" * 150

    html = render_comment(typed)

    assert html.startswith(f'<p dir="auto">{"&gt; " * 10}a &amp; *b*<br>\n<br>\n')
    assert "blockquote" not in html


PEOPLE = {
    "Chinese": "他们说这个季节的李子很好吃。大家都想知道在哪里买。",
    "Tamil": "இந்தப் பழம் மிகவும் சுவையானது. ",
    "Russian": "Сливы в этом году вкусные, и все хотят знать, где их купить. ",
    "code": "if (a < b && c > d) {\n    call(a->b, &c);\n}\n",
}


@pytest.mark.parametrize("sentence", PEOPLE.values(), ids=PEOPLE)
def test_a_long_text_that_means_something_keeps_its_marks(sentence: str) -> None:
    part = f"{sentence * (500 // len(sentence))}\n\n> {sentence}\n\n- **{sentence[:10].strip()}**\n- `b`\n\n"
    links = "https://example.org/plums " * 10

    html = render_comment(longest(part)[: MAX_CONTENT - len(links) - 2] + "\n\n" + links)

    assert html.count("<blockquote") > 5
    assert html.count(LINK) == 10
