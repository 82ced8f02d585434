"""Slugs: what an article or a tag is called in its address."""

from django.db.models import Model
from django.utils.text import slugify


def free_slug(instance: Model, text: str, *, length: int, fallback: str) -> str:
    """Return a slug for `text` that no other row of the instance's model has.

    A title without a single Latin letter or digit slugifies to nothing; it gets `fallback`, with a number
    when that is taken, since an address of ASCII letters survives every mail client and WebSocket route.
    (The admin's own script transliterates Cyrillic, Greek and the like before it comes to this.)
    """
    base = _shorten(slugify(text), length) or fallback
    others = type(instance)._default_manager.exclude(pk=instance.pk)
    taken = set(others.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{_shorten(base, length - len(str(number)) - 1)}-{number}"
        if not slug.startswith(base):  # shortened: the set above does not answer for it
            taken |= set(others.filter(slug=slug).values_list("slug", flat=True))
    return slug


def _shorten(slug: str, length: int) -> str:
    """Cut at a word's end if there is one."""
    if len(slug) <= length:
        return slug.strip("-_")
    head = slug[:length]
    return (head.rpartition("-")[0] or head).strip("-_")
