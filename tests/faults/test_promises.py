"""Every promise is written down, and has a test."""

import re

from tests.faults.promises import PROMISES
from tests.services.process import ROOT

DOCUMENT = ROOT / "docs" / "reliability.md"
MARKER = re.compile(r"^@pytest\.mark\.promise\((\d+)\)", re.MULTILINE)


def test_the_document_has_a_row_for_each() -> None:
    promises, _, _ = DOCUMENT.read_text().partition("## How it is tested")
    rows = re.findall(r"^\| (\d+) \|", promises, re.MULTILINE)
    assert list(map(int, rows)) == list(PROMISES)


def test_each_is_what_some_test_says_it_proves() -> None:
    assert {number for numbers in proved().values() for number in numbers} == set(PROMISES)


def test_the_document_names_the_tests_of_each() -> None:
    assert named() == proved()


def proved() -> dict[str, set[int]]:
    """The promises that the tests of each file carry."""
    found = {
        str(file.relative_to(ROOT)): {int(number) for number in MARKER.findall(file.read_text())}
        for file in (ROOT / "tests").rglob("test_*.py")
    }
    return {file: numbers for file, numbers in found.items() if numbers}


def named() -> dict[str, set[int]]:
    """The promises of each file, as the document has them."""
    rows = re.findall(r"^\| (`tests/.*) \| ([\d, ]+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    return {
        file: {int(number) for number in numbers.split(", ")}
        for files, numbers in rows
        for file in re.findall(r"`(tests/[^`]*)`", files)
    }
