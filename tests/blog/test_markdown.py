"""The HTML that an article's Markdown becomes."""

import sys
from collections.abc import Callable

import pytest
from django.test import SimpleTestCase

from blog.markdown import render


class Rendering(SimpleTestCase):
    def test_the_title_is_the_only_first_heading(self) -> None:
        self.assertIn("<h2>Plums</h2>", render("# Plums"))
        self.assertIn("<h3>Pears</h3>", render("### Pears"))

    def test_addresses_become_links(self) -> None:
        self.assertIn('<a href="https://example.org/a">', render("See https://example.org/a."))
        self.assertIn('<a href="mailto:ben@example.org">', render("Write to ben@example.org."))

    def test_tables_scroll_and_align_without_inline_style(self) -> None:
        html = render("| a | b |\n| :- | -: |\n| 1 | 2 |")
        self.assertRegex(html, r'<div [^>]*class="table"[^>]*>\s*<table>')
        self.assertIn('<td align="right">2</td>', html)
        self.assertNotIn("style", html)

    def test_code_keeps_its_language_and_what_looks_like_html(self) -> None:
        html = render("```python\na < b\n```")
        self.assertIn('<code class="language-python">a &lt; b\n</code>', html)

    def test_quotation_marks_are_set_properly(self) -> None:
        self.assertEqual(render('"It\'s ripe"'), "<p>“It\u2019s ripe”</p>\n")

    def test_an_image_alone_with_a_title_is_a_figure(self) -> None:
        html = render('![A plum](/static/plum.svg "Ripe")')
        self.assertEqual(
            html.strip(),
            '<figure><img src="/static/plum.svg" alt="A plum"><figcaption>Ripe</figcaption></figure>',
        )

    def test_of_a_remote_image_only_the_description_stays(self) -> None:
        for address in (
            "https://example.org/p.png",
            "//example.org/p.png",
            "p.png",
            "data:image/png;base64,AA",
        ):
            with self.subTest(address):
                self.assertEqual(render(f"![A *plum*]({address})").strip(), "<p>A plum</p>")

    def test_links_and_marks_in_a_crowded_paragraph_stay_as_typed_and_nowhere_else(self) -> None:
        html = render("[" * 200 + "\n\n[plum](/plum) *ripe*")
        self.assertIn("[" * 200, html)
        self.assertIn('<a href="/plum">plum</a> <em>ripe</em>', html)


def count_calls(action: Callable[[], object]) -> int:
    """The number of Python and C functions that `action` calls: a measure of cost, equal on every machine."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "piled",
    [
        "*",
        "a*",
        "*a_ ",
        "**a ",
        "[",
        "![",
        "[a](",
        "x://",
        "`",
        '"',
        "a'",
        "<a ",
        "> ",
        "&",
        "www.",
        "~~a",
        "|a",
    ],
)
def test_twice_the_marks_cost_twice_the_work(piled: str) -> None:
    """The work does not grow faster than the text, whatever marks it piles up."""
    some, twice = (piled * (50_000 // len(piled) // part) for part in (2, 1))
    assert count_calls(lambda: render("a " + twice)) < 2.5 * count_calls(lambda: render("a " + some))
