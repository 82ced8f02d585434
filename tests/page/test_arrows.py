"""The folders of the browser's code know each other one way only: page → writing → client → thread."""

from __future__ import annotations

import re
from pathlib import Path

from tests.services.process import ROOT

JS = ROOT / "comments/static/comments/js"
ORDER = ("thread", "client", "writing", "page")  # each may know those before it
# Types stand in comments, and nothing of them runs.
IMPORT = re.compile(
    r'^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)";|^import "(\.[^"]+)";|\bimport\("(\.[^"]+)"\)', re.M
)


def imports() -> dict[Path, set[Path]]:
    return {
        file: {(file.parent / "".join(names)).resolve() for names in IMPORT.findall(file.read_text())}
        for file in JS.rglob("*.js")
    }


def level(file: Path) -> int:
    """How high a module stands; those that lie beside the folders are beneath all."""
    folder = file.relative_to(JS).parts[0]
    return ORDER.index(folder) if folder in ORDER else -1


def test_no_folder_knows_one_above_it() -> None:
    known = imports()
    assert sum(map(len, known.values())) > 100
    assert {
        f"{file.relative_to(JS)} → {other.relative_to(JS)}"
        for file, others in known.items()
        for other in others
        if level(other) > level(file)
    } == set()


def test_no_module_leads_back_to_itself() -> None:
    known = imports()
    # What imports nothing that is left is no part of a circle.
    while free := [file for file, others in known.items() if not others & known.keys()]:
        for file in free:
            del known[file]
    assert [str(file.relative_to(JS)) for file in known] == []
