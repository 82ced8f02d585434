"""The section's own style: it stands alone on any page, and can be read in both themes."""

import re
from itertools import product

import pytest

from comments.assets import FOLDER, STYLES
from comments.templatetags.live_comments import HUES
from tests.blog.test_contrast import GROUNDS, TEXTS, contrast
from tests.services.process import ROOT

CSS = "".join(sheet.read_text() for sheet in sorted((ROOT / "comments/static/comments").glob("*.css")))
INSIDE = re.compile(r"\.comments(?![\w-])|:where\(\.comments\)")
COLOURS = dict(re.findall(r"--([\w-]+): var\(--comments-[\w-]+, light-dark\((#\w{6}, #\w{6})\)\);", CSS))
PAIRS = [*product(TEXTS, GROUNDS), ("accent-ink", "accent")]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(theme: int, text: str, ground: str) -> None:
    assert contrast(COLOURS[text].split(", ")[theme], COLOURS[ground].split(", ")[theme]) >= 4.5


def test_initials_are_read_on_every_colour() -> None:
    colours = re.findall(r'data-hue="\d+"\] \{ background: (#\w{6});', CSS)
    assert len(colours) == HUES
    assert min(contrast(colour, "#ffffff") for colour in colours) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
def test_edges_of_controls_stand_out(theme: int, ground: str) -> None:
    assert contrast(COLOURS["edge"].split(", ")[theme], COLOURS[ground].split(", ")[theme]) >= 3


def test_every_custom_property_has_a_value_of_its_own_or_a_default() -> None:
    own = set(re.findall(r"(--[\w-]+):", CSS))
    used = re.findall(r"var\((--[\w-]+)(,?)", CSS)
    assert {name for name, default in used if not default} <= own


def test_each_sheet_can_be_read_at_once() -> None:
    sheets = {sheet.name: len(sheet.read_text().splitlines()) for sheet in FOLDER.glob("*.css")}
    assert sorted(sheets) == sorted(STYLES)
    assert {name: lines for name, lines in sheets.items() if lines > 300} == {}


def test_nothing_outside_the_section_is_styled() -> None:
    rules = re.sub(r"/\*.*?\*/|@keyframes .*?\n}|@(?:media|supports) .*?\{", "", CSS, flags=re.DOTALL)
    heads = re.findall(r"([^{};]+)\{", rules)
    selectors = [selector.strip() for head in heads for selector in re.split(r",\s*\n", head)]
    assert len(selectors) > 100
    assert [selector for selector in selectors if not INSIDE.match(selector)] == []


def test_what_a_project_may_set_is_documented() -> None:
    guide = (ROOT / "docs/your-project.md").read_text()
    for name in sorted(set(re.findall(r"var\((--comments-[\w-]+)", CSS))):
        assert f"`{name}`" in guide, name
