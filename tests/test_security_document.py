"""Every threat in docs/security.md has a test, and every file that it names exists."""

import re

from tests.services.process import ROOT

DOCUMENT = (ROOT / "docs" / "security.md").read_text()
FILES = re.compile(r"`((?:accounts|blog|comments|config|realtime|tests)/[\w/]+\.py)`")


def test_every_file_that_it_names_exists() -> None:
    named = set(FILES.findall(DOCUMENT))
    assert len(named) > 40
    assert [file for file in sorted(named) if not (ROOT / file).is_file()] == []


def test_every_threat_has_a_test() -> None:
    tables = DOCUMENT.split("| test |\n|---|---|---|\n")[1:]
    rows = [row for table in tables for row in table.partition("\n\n")[0].splitlines()]
    assert len(rows) > 30
    # Whether a library is safe is said by a list that the tests do not have.
    assert [row for row in rows if "`tests/" not in row and "`make audit`" not in row] == []


def test_readers_of_the_project_are_led_to_it() -> None:
    assert "docs/security.md" in (ROOT / "README.md").read_text()
