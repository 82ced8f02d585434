"""The figures that a test measured, for the table of promises."""

from __future__ import annotations

from dataclasses import dataclass

from tests.faults.figures import Spread
from tests.faults.verdict import Verdict

MEGABYTE = 1_000_000


@dataclass
class Note:
    """The figures of one test, None where there are none.

    memory: bytes before and after. remark: other figures, which have no column.
    """

    verdict: Verdict | None = None
    recovery: Spread | None = None
    memory: tuple[int, int] | None = None
    remark: str = ""

    def cells(self) -> tuple[str, ...]:
        """The cells of the table: clients, lost, doubled, disordered, recovery, memory, remark."""
        verdict = self.verdict
        counts = (
            ("", "", "", "")
            if verdict is None
            else (verdict.clients, verdict.lost, verdict.doubled, verdict.disordered)
        )
        memory = "" if self.memory is None else " → ".join(f"{size / MEGABYTE:.0f}" for size in self.memory)
        return (*map(str, counts), str(self.recovery or ""), memory, self.remark)
