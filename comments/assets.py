"""The style and the script of the section: one file of each, or in development what they are made of.

`make bundle` makes the two files, and notes of which sources. Where those are other ones by now, the sources
are served: a bundle that was forgotten costs requests, and is never wrong.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(__file__).parent / "static/comments"
STYLES = (  # in this order
    "comments.css",
    "form.css",
    "tools.css",
    "list.css",
    "arrivals.css",
    "conversations.css",
    "bar.css",
    "people.css",
    "media.css",
    "own.css",
    "since.css",
)
SCRIPT = "js/page/main.js"
# What pages load when it is needed: in the bundle these are files of their own, beside the script.
ON_DEMAND = ("js/page/editing.js",)
BUNDLED_STYLE, BUNDLED_SCRIPT, NOTE = "bundle/page.css", "bundle/page.js", "bundle/sources.txt"


@dataclass(frozen=True)
class Assets:
    """Names of static files."""

    styles: tuple[str, ...]
    script: str


def assets() -> Assets:
    """What a page with the section loads."""
    return _bundle_or_sources(settings.DEBUG)


def digest_of_sources() -> str:
    """A text that is another one for other sources."""
    digest = hashlib.sha256()
    for path in (*sorted((FOLDER / "js").rglob("*.js")), *(FOLDER / name for name in STYLES)):
        digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_fresh() -> bool:
    """Whether the bundle was made of the sources as they are."""
    note = FOLDER / NOTE
    return note.is_file() and note.read_text().strip() == digest_of_sources()


@cache
def _bundle_or_sources(debug: bool) -> Assets:
    if debug or not is_fresh():
        return Assets(_named(*STYLES), *_named(SCRIPT))
    return Assets(_named(BUNDLED_STYLE), *_named(BUNDLED_SCRIPT))


def _named(*names: str) -> tuple[str, ...]:
    return tuple(f"comments/{name}" for name in names)
