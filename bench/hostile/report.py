"""The figures of the attacks as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from bench.figures import percentile
from bench.hostile.siege import Outcome

ATTACKED = (
    "Two workers, with the limits of production. The hostile address has a guest's name, a member's token "
    "and one attack at a time. The others write eight comments and open five pages a second, from addresses "
    "of their own. Times are p50 / p95 / max in ms, in the quiet around the attack and under it; *later* is "
    "how much later the p95 came. CPU is what all workers used of one core. Memory is that of all workers "
    "before, at most, and after."
)
HEAD = [
    "attack",
    "posts in quiet",
    "under attack",
    "later",
    "pages in quiet",
    "under attack",
    "later",
    "CPU",
    "memory, MB",
    "refused to the others",
    "the attacker was answered",
]
MOST_TOLD = 4  # kinds of answers


def attack_rows(outcomes: Sequence[Outcome]) -> list[list[str]]:
    """The head, and a row for each attack."""
    return [HEAD, *map(_row, outcomes)]


def _row(outcome: Outcome) -> list[str]:
    quiet, under = outcome.quiet, outcome.under
    refused = str(len(under.failures)) + (", a worker was replaced" if outcome.replaced_a_worker else "")
    return [
        outcome.attack,
        _spread(quiet.posts),
        _spread(under.posts),
        _ms(outcome.post_later),
        _spread(quiet.pages),
        _spread(under.pages),
        _ms(outcome.page_later),
        " → ".join(f"{each:.0%}" for each in outcome.cpu),
        " / ".join(f"{each / 1e6:.0f}" for each in outcome.memory),
        refused,
        _told(outcome.tally),
    ]


def _spread(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return " / ".join(_ms(percentile(ordered, share)) for share in (0.5, 0.95, 1.0))


def _ms(seconds: float) -> str:
    return "never" if math.isnan(seconds) else f"{1000 * seconds:.0f}"


def _told(tally: Mapping[str, int]) -> str:
    most = sorted(tally.items(), key=lambda item: -item[1])[:MOST_TOLD]
    return ", ".join(f"{count:,} {what}" for what, count in most)
