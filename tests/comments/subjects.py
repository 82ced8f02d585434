"""Subjects that a test registers for a while: groups of users stand for any other model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import Group

from comments import subjects
from comments.subjects import Subject, register


@contextmanager
def registered(subject: type[Any]) -> Iterator[Any]:
    """Make something commentable while the block runs."""
    register(subject)
    try:
        yield subjects.declared()[-1]
    finally:
        subjects._subjects.pop()


class Groups(Subject):
    """Groups at their names, which may be anything; their page is the front page."""

    model = Group
    key_field = "name"

    def url(self, target: Group) -> str:
        return f"/?group={target.pk}"
