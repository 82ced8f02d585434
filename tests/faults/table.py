"""A pytest plugin: ends the run with the table of promises. `make test-faults` loads it.

Tests say which promise they prove with `@pytest.mark.promise(number)`, and what they measured through the
fixture `notes` (tests/faults/conftest.py).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

import pytest

from tests.faults.hurry import machine
from tests.faults.notes import Note
from tests.faults.promises import PROMISES

HEAD = ("#", "promise", "result", "clients", "lost", "doubled", "disordered", "recovery, s", "memory, MB", "")
HOLDS = "holds"


@dataclass
class Row:
    """The outcome of one promise: how many of its tests passed, and their notes."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    notes: list[Note] = field(default_factory=list)

    def take(self, report: pytest.TestReport, note: Note | None) -> None:
        self.failed += report.failed
        self.skipped += report.skipped
        if report.when == "call":
            self.passed += report.passed
            if note is not None:
                self.notes.append(note)

    @property
    def result(self) -> str:
        if self.failed:
            return "BROKEN"
        if self.skipped:
            return "not shown"
        return HOLDS if self.passed else "not run"


class Table:
    """Collects the outcomes of the tests that carry a promise."""

    def __init__(self) -> None:
        self.rows = {number: Row() for number in PROMISES}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        marker = item.get_closest_marker("promise")
        if marker is not None:
            note = getattr(item, "funcargs", {}).get("notes")
            self.rows[marker.args[0]].take(report, note)
        return report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run of all promises in which one was not shown to hold."""
        all_hold = all(row.result == HOLDS for row in self.rows.values())
        is_whole = session.config.getoption("--every-promise")
        if is_whole and not all_hold and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("promises")
        for line in aligned([HEAD, *self.lines()]):
            terminalreporter.write_line(line)
        terminalreporter.write_line(
            "recovery: p50 / p95 / max, from a lost connection or from an ack to a client that has everything"
        )
        terminalreporter.write_line(
            f"seconds were held to {machine.most:.1f} times what is promised at most: so slow was the machine"
        )

    def lines(self) -> list[tuple[str, ...]]:
        """One line for each test that noted something, else one for the promise."""
        lines = []
        for number, row in self.rows.items():
            for note in row.notes or [Note()]:
                lines.append((str(number), PROMISES[number], row.result, *note.cells()))
        return lines


def aligned(lines: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-promise", action="store_true", help="fail where one was not shown to hold")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Table(), "table of promises")
