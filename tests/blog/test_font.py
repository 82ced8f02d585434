"""The site's font is small, free, and moves nothing when it comes."""

import re
from pathlib import Path

from django.conf import settings

BASE = Path(settings.BASE_DIR)
CSS = (BASE / "static/css/site.css").read_text(encoding="utf-8")
FACES = re.findall(r"@font-face \{(.*?)\}", CSS, re.DOTALL)
MOST_BYTES = 40_000


def test_it_is_small_and_its_licence_stands_beside_it() -> None:
    fonts = {path.name: path.stat().st_size for path in (BASE / "static/fonts").glob("*.woff2")}
    assert 0 < fonts["newsreader.woff2"] <= MOST_BYTES
    assert max(fonts.values()) <= MOST_BYTES
    assert "SIL OPEN FONT LICENSE Version 1.1" in (BASE / "static/fonts/OFL.txt").read_text()


def test_a_late_font_moves_nothing_and_a_systems_own_takes_as_much_room() -> None:
    ours = [face for face in FACES if "woff2" in face]
    assert len(ours) == 2
    assert all("font-display: optional" in face for face in ours)
    stand_ins = [face for face in FACES if "local(" in face]
    assert len(stand_ins) == 3
    assert all("size-adjust" in face and "ascent-override" in face for face in stand_ins)


def test_it_is_asked_for_before_the_style_is_read() -> None:
    base = (BASE / "templates/base.html").read_text(encoding="utf-8")
    assert base.index("fonts/newsreader.woff2") < base.index("css/site.css")
