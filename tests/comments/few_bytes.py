"""Pages and histories that end after a few bytes, so that short comments show what long ones would do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import hypothesis.strategies as st

BOUNDS = {  # by module: the package has functions of the same names
    "snapshot": ("PAGE_BYTES", "FIRST_BYTES", "AROUND_BYTES"),
    "conversations": ("PAGE_BYTES",),
    "history": ("HISTORY_BYTES",),
    "texts": ("SMALL",),
}
# A comment of these tests has some 40 bytes of text and HTML; None for the bounds as they are.
FEW = st.sampled_from([None, 30, 100, 200])


@contextmanager
def few_bytes(most: int | None) -> Iterator[None]:
    """Bound everything to so many bytes of text."""
    with ExitStack() as patched:
        for module, names in BOUNDS.items():
            for name in names:
                if most is not None:
                    module_of = sys.modules[f"comments.queries.{module}"]
                    patched.enter_context(mock.patch.object(module_of, name, most))
        yield
