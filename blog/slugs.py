"""Slugs: what an article or a tag is called in its address."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.text import slugify


def free_slug(text: str, *, others: Iterable[QuerySet[Any]], length: int, fallback: str) -> str:
    """Return a slug for `text`, of at most `length` characters, that no row in `others` has.

    A title without a single Latin letter or digit slugifies to nothing; it gets `fallback`, with a number
    when that is taken, since an address of ASCII letters survives every mail client and WebSocket route.
    (The admin's own script transliterates Cyrillic, Greek and the like before it comes to this.)
    """
    base = _shorten(slugify(text), length) or fallback
    taken = _slugs_in(others, slug__startswith=base)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{_shorten(base, length - len(str(number)) - 1)}-{number}"
        if not slug.startswith(base):  # shortened: the set above does not answer for it
            taken |= _slugs_in(others, slug=slug)
    return slug


def _slugs_in(others: Iterable[QuerySet[Any]], **condition: str) -> set[str]:
    return {slug for rows in others for slug in rows.filter(**condition).values_list("slug", flat=True)}


def _shorten(slug: str, length: int) -> str:
    """Cut at a word's end if there is one."""
    if len(slug) <= length:
        return slug.strip("-_")
    head = slug[:length]
    return (head.rpartition("-")[0] or head).strip("-_")
