"""Makes the site's font from the one that its designers publish: the letters and weights that the site needs.

Not part of the build: the result is in static/fonts/. To make it anew, with another subset say:

    python -m pip install fonttools brotli
    npm pack @fontsource-variable/newsreader && tar xzf fontsource-variable-newsreader-*.tgz
    python -m scripts.font package

It also prints the descriptors of the fallback fonts in static/css/site.css, with which a system's own font
takes the room that this one will take.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "static/fonts"
# What Western European languages write, with quotes and dashes. Other letters come from the reader's fonts.
LETTERS = (
    "U+0020-007E,U+00A0-00AC,U+00AE-00FF,U+0131,U+0141,U+0142,U+0152,U+0153,U+0160,U+0161,U+0178,U+017D,U+017E,"
    "U+2010,U+2013,U+2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+2032,U+2033,U+2039,U+203A,U+20AC,U+2212"
)
FEATURES = ["ccmp", "kern", "liga", "lnum", "locl", "onum", "pnum", "tnum"]
# Frequencies of letters in English prose, per thousand: widths are compared by them.
ENGLISH = dict(
    zip(
        " etaoinshrdlcumwfgypbvkjxqz",
        (
            180,
            104,
            74,
            67,
            62,
            57,
            57,
            52,
            50,
            49,
            35,
            33,
            23,
            23,
            20,
            19,
            18,
            16,
            16,
            16,
            12,
            8,
            6,
            1,
            1,
            1,
            1,
        ),
        strict=True,
    )
)
# Average width of a letter in em, by ENGLISH, of fonts that systems have.
SYSTEMS_OWN = {"Georgia": 0.446, "Times New Roman": 0.4004, "DejaVu Serif": 0.5125}


def make(source: Path, name: str, weights: tuple[int, int] | int) -> Any:
    """Write one file of the font, and return it."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = instancer.instantiateVariableFont(TTFont(source), {"wght": weights})
    options = subset.Options(layout_features=FEATURES, hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(LETTERS.replace("U+", "")))
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(OUT / name)
    print(name, (OUT / name).stat().st_size, "bytes")
    return font


def width_of(font: Any) -> float:
    """The average width of a letter, in em."""
    names, widths = font.getBestCmap(), font["hmtx"]
    total = sum(widths[names[ord(letter)]][0] * often for letter, often in ENGLISH.items())
    return float(total / sum(ENGLISH.values()) / font["head"].unitsPerEm)


def describe(font: Any) -> None:
    """Print what a fallback needs to take the same room."""
    em = font["head"].unitsPerEm
    for name, width in SYSTEMS_OWN.items():
        adjust = width_of(font) / width
        ascent, descent = (abs(value) / em / adjust for value in (font["hhea"].ascent, font["hhea"].descent))
        print(
            f"{name}: size-adjust {adjust:.1%}, ascent-override {ascent:.1%}, descent-override {descent:.1%}"
        )


def main() -> None:
    package = Path(sys.argv[1])
    files = package / "files"
    roman = make(files / "newsreader-latin-wght-normal.woff2", "newsreader.woff2", (400, 700))
    make(files / "newsreader-latin-wght-italic.woff2", "newsreader-italic.woff2", 400)
    (OUT / "OFL.txt").write_text((package / "LICENSE").read_text())
    describe(roman)


if __name__ == "__main__":
    main()
