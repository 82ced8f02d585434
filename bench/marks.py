"""Marks: the moment a comment was sent, written into its text, found again in every frame that carries it.

A mark is `@<nanoseconds of the monotonic clock>@`. It survives JSON and Markdown unchanged. A frame of the
site holds it twice, in `content` and in `html`, and a batch holds those of several comments.
"""

import re
import time

MARK = re.compile(rb"@(\d{5,20})@")


def make_mark() -> str:
    """Return a mark of this moment."""
    return f"@{time.monotonic_ns()}@"


def find_marks(payload: bytes) -> tuple[int, ...]:
    """Return the marks of a payload, each once, in the order in which they come."""
    return tuple(dict.fromkeys(map(int, MARK.findall(payload))))
