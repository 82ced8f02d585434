"""The colours of the site reach WCAG 2.2 AA, 4.5 : 1 for text, in both themes."""

import re
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static/css/site.css").read_text(encoding="utf-8")
TEXTS = ("ink", "muted", "accent", "danger", "ok")
GROUNDS = ("paper", "surface", "mark")
PAIRS = [*product(TEXTS, GROUNDS), ("accent-ink", "accent")]


def read_tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


LIGHT = read_tokens(CSS.partition("prefers-color-scheme: dark")[0])
DARK = LIGHT | read_tokens(CSS.partition("prefers-color-scheme: dark")[2].partition("/* Ground */")[0])


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_edges_of_controls_stand_out(theme: dict[str, str], ground: str) -> None:
    assert contrast(theme["edge"], theme[ground]) >= 3


def test_the_theme_colours_of_the_page_are_the_paper_of_each_theme() -> None:
    base = (Path(settings.BASE_DIR) / "templates/base.html").read_text(encoding="utf-8")
    assert re.findall(r'theme-color" content="(#\w+)"', base) == [LIGHT["paper"], DARK["paper"]]
