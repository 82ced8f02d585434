"""The ids of comments in addresses and in what people send."""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import get_converters

LARGEST_ID = 2**63 - 1


def read_id(text: str) -> int | None:
    """The primary key that a text is; None for any other text."""
    is_number = len(text) < 20 and text.isascii() and text.isdigit()
    return int(text) if is_number and int(text) <= LARGEST_ID else None


class CommentId:
    """`<comment:pk>` in a path."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        if (pk := read_id(value)) is None:
            raise ValueError  # Django's word for an address that does not match
        return pk

    def to_url(self, value: object) -> str:
        return str(value)


def register() -> None:
    """Make `<comment:pk>` known to Django, once."""
    if "comment" not in get_converters():
        register_converter(CommentId, "comment")
