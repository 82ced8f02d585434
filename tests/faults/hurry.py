"""How strictly a time is held against its promise."""

from __future__ import annotations

import os

# A run of all tests has a machine on which much else goes on. What is broken is late by far, or never comes.
SLACK = 1.0 if os.environ.get("THOROUGH") == "on" else 3.0


def promised(seconds: float) -> float:
    """The seconds that something may take which is promised in so many: these, in `make test-faults`."""
    return SLACK * seconds
