"""In production a page with the section loads one script and one style, made of the sources as they are."""

import gzip

from comments.assets import BUNDLED_SCRIPT, BUNDLED_STYLE, FOLDER, assets, is_fresh

MOST_SCRIPT = 41_000  # bytes, by gzip; the aim is 35,000
MOST_STYLE = 8_000


def compressed(name: str) -> int:
    return len(gzip.compress((FOLDER / name).read_bytes(), 9))


def test_it_is_made_of_the_sources_as_they_are() -> None:
    assert is_fresh(), "run `make bundle`"
    assert assets().script == f"comments/{BUNDLED_SCRIPT}"
    assert assets().styles == (f"comments/{BUNDLED_STYLE}",)


def test_it_is_small() -> None:
    assert compressed(BUNDLED_SCRIPT) <= MOST_SCRIPT
    assert compressed(BUNDLED_STYLE) <= MOST_STYLE
