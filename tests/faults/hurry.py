"""How strictly a time is compared with its promise."""

from __future__ import annotations

import os

# In a run of all tests much else happens on the machine. A broken promise still shows: it is late by far.
SLACK = 1.0 if os.environ.get("THOROUGH") == "on" else 3.0


def promised(seconds: float) -> float:
    """The seconds to allow for something that is promised in `seconds`: just those in `make test-faults`."""
    return SLACK * seconds
