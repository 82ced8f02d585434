"""The HTML of a comment is inert, whatever was typed: no script, no handler, no foreign scheme, no image."""

import sys
import unicodedata
from html.parser import HTMLParser
from itertools import groupby
from types import FrameType
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.rendering import TAGS, render_comment, shown_text
from comments.text import BIDI_CONTROLS, MAX_MARKS

REL = "ugc nofollow noopener noreferrer"
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start", "dir"}, "li": {"value", "dir"}, "pre": {"tabindex"}}
ATTRIBUTES |= {"p": {"dir"}, "blockquote": {"dir"}, "ul": {"dir"}}

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=`javascript:alert(1)`>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a onmouseover="alert(1)" href="http://a.example">x</a>',
    '<div style="position:fixed">x</div>',
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=//evil.example><input name=p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](&#106;&#97;&#118;&#97;script:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](DATA:image/svg+xml,<svg/onload=alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](blob:http://a.example/1)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    '[x](http://a.example/"onmouseover="alert(1))',
    "[x](http://a.example 'a\" onclick=\"alert(1)')",
    '[x]("><script>alert(1)</script>)',
    'http://a.example/"><script>alert(1)</script>',
    "http://a.example/'onmouseover='alert(1)",
    "www.a.example/<svg/onload=alert(1)>",
    "</script><!--<script>",
    "</p></li></ul><script>alert(1)</script>",
    "]]><![CDATA[<script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "![x](http://tracker.example/pixel.png)",
    "![x](data:image/png;base64,iVBORw0KGgo=)",
    "![x](javascript:alert(1))",
    '`<img src=x onerror="alert(1)">`',
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "> <img src=x onerror=alert(1)>",
    "1. <img src=x onerror=alert(1)>",
    "\u202ehttp://a.example\u202c",
    "&#x202e;evil&#8294;",
]

PATHOLOGICAL = [
    "*",
    "**",
    "[",
    "[](",
    "![[",
    "`",
    "> ",
    "- ",
    "1. ",
    "_a ",
    "*a_ ",
    "[a](b",
    "<",
    "<a ",
    "<!--",
]
PATHOLOGICAL += [
    "a@",
    "http://",
    "www.",
    "&#0;",
    "\\",
    "a\n",
    "((((",
    "a.com ",
    "~",
    "![](",
    "\t",
    "```\n",
    "&",
]
PATHOLOGICAL += [
    "[[a](http://b)](/c)",
    "[a](http://b ",
    "www.a.example ",
    "a@b.example ",
    "https://a.example/(",
    "https://a.example/'",
    "https://a.example/\u3002",
    "**a**",
    "*a*b",
    "__a__",
    "\u4e2d**\u3002**",
    "\\_",
    "\\[",
    "\\\\a ",
    "C:\\a ",
    "\xaf\\_(\u30c4)_/\xaf ",
    "``` a\n",
    "````a b\n```\n",
    "- ```a b\n  ",
    "a```\n",
    "> a\n",
    ">\n",
    ">> a\n",
    "- a\n",
    "-\n",
    "2. a\n",
    "  - a\n",
    "> - a\n",
    "*[a](/b)*",
    "\u0301",
]


class Reader(HTMLParser):
    """Reads HTML as a browser does: the tags, each with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl!r}")

    @property
    def links(self) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == "a"]


def check_inert(html: str) -> Reader:
    """Fail unless the HTML holds only prose and links that lead to the web."""
    page = Reader(html)
    for tag, attributes in page.tags:
        assert tag in TAGS
        assert attributes.keys() <= ATTRIBUTES.get(tag, set())
        assert attributes.get("dir", "auto") in ("auto", "ltr", "rtl")
        assert (attributes.get("value") or "0").isdigit()
    for link in page.links:
        assert link["rel"] == REL
        scheme = urlsplit((link.get("href") or "").strip()).scheme
        assert scheme in ("", "http", "https", "mailto")
    assert not BIDI_CONTROLS.search(html)
    assert longest_run_of_marks(page.text) <= MAX_MARKS
    return page


def longest_run_of_marks(text: str) -> int:
    kinds = groupby(
        unicodedata.category(character) in ("Mn", "Me") for character in text if not is_format(character)
    )
    return max((len(list(run)) for is_mark, run in kinds if is_mark), default=0)


def is_format(character: str) -> bool:
    return unicodedata.category(character) == "Cf"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_inert(payload: str) -> None:
    check_inert(render_comment(payload))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_inert_in_the_middle_of_markdown(payload: str) -> None:
    check_inert(
        render_comment(f"*a* **b `c {payload} [d](http://e.example) {payload}\n\n> {payload}\n- {payload}")
    )


@given(
    st.text(st.sampled_from("<>&\"'`[]()!*_#:/\\ \nax;=-\u0301\u202e\u200b") | st.characters(), max_size=200)
)
def test_nothing_that_can_be_typed_gets_through(text: str) -> None:
    check_inert(render_comment(text.encode(errors="ignore").decode()))


@given(st.text(st.sampled_from("abc *_>-.\\\n~#[]()<:/!|=+\u3002\u4e2d\U0001f389"), max_size=100))
def test_no_letter_vanishes(text: str) -> None:
    """Where neither an address nor a language stands behind what is shown."""
    shown = shown_text(render_comment(text.replace("](", "] (")))
    assert [letter for letter in shown if letter.isalpha()] == [letter for letter in text if letter.isalpha()]


def test_prose_is_rendered() -> None:
    html = render_comment("*a* **b** `c`\nd\n\n> e\n\n- f\n\n1. g\n\n```\nh\n```")
    page = check_inert(html)
    assert {tag for tag, _ in page.tags} == TAGS - {"a"}
    assert ("ol", {"dir": "ltr"}) in page.tags


@pytest.mark.parametrize(
    ("typed", "href", "text"),
    [
        ("[x](https://a.example/b?c=d&e)", "https://a.example/b?c=d&e", "x"),
        ("<https://a.example>", "https://a.example", "https://a.example"),
        ("see https://a.example/b.", "https://a.example/b", "https://a.example/b"),
        ("a@example.org", "mailto:a@example.org", "a@example.org"),
        ("[x](/articles/plums/)", "/articles/plums/", "x"),
    ],
)
def test_a_link_leads_there_and_the_site_does_not_vouch_for_it(typed: str, href: str, text: str) -> None:
    page = check_inert(render_comment(typed))
    assert page.links == [{"href": href, "rel": REL}]
    assert text in page.text


def test_an_image_is_at_most_a_link_to_it() -> None:
    page = check_inert(render_comment("![a plum](http://a.example/plum.png)"))
    assert [tag for tag, _ in page.tags] == ["p", "a"]


@pytest.mark.parametrize("mark", ["\u0301", "&#769;", "\u0301\u200b", "\u0489", "\u0301\u2060\u0302"])
def test_marks_do_not_pile_up(mark: str) -> None:
    page = check_inert(render_comment("a" + mark * 200))
    assert sum(unicodedata.combining(c) > 0 or c == "\u0489" for c in page.text) == MAX_MARKS


def test_languages_that_need_marks_keep_them() -> None:
    for text in (
        "Ti\u1ebfng Vi\u1ec7t".join("  "),
        "\u05d1\u05bc\u05b0\u05e8\u05b5\u05d0\u05e9\u05c1\u05b4\u05d9\u05ea",
        "\u0e17\u0e35\u0e48",
    ):
        assert Reader(render_comment(text)).text.strip() == text.strip()


@pytest.mark.parametrize("piece", PATHOLOGICAL, ids=ascii)
def test_a_text_that_is_made_to_cost_the_parser_much_does_not(piece: str) -> None:
    content = (piece * 5000)[:5000]
    html = render_comment(content)
    check_inert(html)
    assert len(html) <= 20 * len(content)


def steps(content: str) -> int:
    """How many calls Python makes to render a text: a measure of the work that no other work disturbs."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        render_comment(content)
    finally:
        sys.setprofile(before)
    return counted


@pytest.mark.parametrize("piece", PATHOLOGICAL, ids=ascii)
def test_twice_the_text_is_twice_the_work(piece: str) -> None:
    times = 2500 // len(piece)
    half, whole = steps(piece * times), steps(piece * times * 2)
    assert whole <= 2.3 * half
    assert whole <= 1_000_000  # some 40 ms of one core


def test_a_text_of_nothing_but_addresses_is_not_searched_for_them() -> None:
    assert "<a " in render_comment("See https://example.org/")
    assert "<a " in render_comment("http://a.example " * 200)
    assert "<a " not in render_comment("http://a.example " * 400)
