"""In production a page with the section loads one script and one style, made of the sources as they are."""

import re
from pathlib import Path

from whitenoise.compress import Compressor

from comments.assets import BUNDLED_SCRIPT, BUNDLED_STYLE, FOLDER, ON_DEMAND, assets, is_fresh
from scripts.bundle import SHORTENED, bundled_name
from tests.services.process import ROOT

MOST_SCRIPT, MOST_STYLE = 35_000, 8_000  # bytes, as browsers get them over https: by Brotli
MOST_GZIP = 40_000  # bytes of the script, for who knows no Brotli
MOST_ON_DEMAND = 3_000  # bytes of what is loaded when it is needed, each
STATELESS = {"../dom.js"}  # what may be there twice: a module that keeps nothing in mind


def test_it_is_made_of_the_sources_as_they_are() -> None:
    assert is_fresh(), "run `make bundle`"
    assert assets().script == f"comments/{BUNDLED_SCRIPT}"
    assert assets().styles == (f"comments/{BUNDLED_STYLE}",)


def test_it_is_small_as_it_is_served(tmp_path: Path) -> None:
    def served(name: str) -> tuple[int, int]:
        copy = tmp_path / Path(name).name
        copy.write_bytes((FOLDER / name).read_bytes())
        Compressor(quiet=True).compress(str(copy))
        return copy.with_name(f"{copy.name}.br").stat().st_size, copy.with_name(
            f"{copy.name}.gz"
        ).stat().st_size

    script, style = served(BUNDLED_SCRIPT), served(BUNDLED_STYLE)
    assert max(served(bundled_name(name))[0] for name in ON_DEMAND) <= MOST_ON_DEMAND
    assert script[0] <= MOST_SCRIPT, f"{script[0]} bytes of JavaScript"
    assert script[1] <= MOST_GZIP, f"{script[1]} bytes of JavaScript by gzip"
    assert style[0] <= MOST_STYLE, f"{style[0]} bytes of CSS"


def test_what_is_loaded_on_demand_brings_no_second_copy_of_what_the_page_has_in_mind() -> None:
    page = (FOLDER / BUNDLED_SCRIPT).read_text()
    for name in ON_DEMAND:
        assert f'import("./{Path(name).name}")' in page
        imported = re.findall(r'^import .*?"(.+?)";', (FOLDER / name).read_text(), re.MULTILINE | re.DOTALL)
        assert set(imported) <= STATELESS, name


def test_no_name_that_is_made_short_is_one_of_the_wire_or_of_the_documents() -> None:
    others = (ROOT / "docs/protocol.md").read_text() + "".join(
        path.read_text() for path in ROOT.glob("comments/templates/comments/*.html")
    )
    script = "".join(path.read_text() for path in (FOLDER / "js").rglob("*.js"))
    words, known = set(re.findall(r"\w+", others)), set(re.findall(r"\w+", script))
    assert [name for name in SHORTENED.split("|") if name in words or name not in known] == []
