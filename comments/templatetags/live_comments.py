"""`{% load live_comments %}{% live_comments object %}`: live comments on an object, in any template."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html_join, strip_tags
from django.utils.safestring import SafeString

from comments.assets import assets
from comments.conf import edit_window, reaction_kinds
from comments.section import NotCommentable, section_context

logger = logging.getLogger(__name__)
register = template.Library()

LONG_LETTERS, LONG_LINES = 1_400, 16  # of page/folding.js
HUES = 12  # of bar.css
LINE = 100  # characters of what is quoted
ROLE_LABELS = {"author": "Author", "moderator": "Moderator"}


@register.inclusion_tag("comments/section.html", takes_context=True)
def live_comments(context: dict[str, Any], target: Any) -> dict[str, Any]:
    """The section with the comments on an object that is saved and whose model has a subject.

    For any other object developers see an error that says why, and in production the page has no comments.
    """
    try:
        if "request" not in context:
            raise NotCommentable(
                "The template has no `request`. Add django.template.context_processors.request to TEMPLATES."
            )
        request = context["request"]
        section = section_context(request, target)
        if settings.DEBUG and getattr(request, "has_live_comments", False):
            raise NotCommentable("This page has comments already, and their script serves one section.")
        request.has_live_comments = True
        return section
    except NotCommentable as error:
        if settings.DEBUG:
            raise
        logger.error("no comments: %s", error)
        return {}


@register.simple_tag
def comment_styles() -> SafeString:
    """The links to the section's style."""
    links = ((static(style),) for style in assets().styles)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag
def comment_script() -> str:
    """The address of the section's script, a module."""
    return static(assets().script)


@register.filter
def role_label(role: str) -> str:
    """The badge beside a name; most have none."""
    return ROLE_LABELS.get(role, "")


@register.filter
def isolated(text: str) -> str:
    """A name or a title in a sentence without elements, such as <title>, as page/presence.js isolates it.

    One that is written from right to left must not turn the words around it.
    """
    return text if text.isascii() else f"\u2068{text}\u2069"


@register.filter
def grouped(number: int) -> str:
    """A number with its thousands apart: 2,013."""
    return f"{number:,}"


@register.filter
def initial(name: str) -> str:
    """The letter beside a name, as `initialOf` in page/person.js makes it."""
    return name[:1].upper()


@register.filter
def hue(key: str) -> int:
    """Which of HUES colours an author's initial has: always the same, as `hueOf` in page/person.js says."""
    number = 0
    for letter in key:
        number = (number * 31 + ord(letter)) & 0xFFFFFFFF
    return number % HUES


@register.filter
def long(content: str) -> bool:
    """Whether a comment shows its beginning only, as `isLong` in page/folding.js judges."""
    return len(content) > LONG_LETTERS or content.count("\n") >= LONG_LINES


@register.filter
def line(html: str) -> str:
    """The beginning of a comment's text on one line, as `lineOf` in page/article.js gives it."""
    text = " ".join(unescape(strip_tags(html)).split())
    return f"{text[:LINE].rstrip()}…" if len(text) > LINE else text


@register.filter
def in_order(counts: dict[str, int]) -> list[tuple[str, int]]:
    """Counts of reactions in the order in which the project offers them; others come last."""
    kinds = [*reaction_kinds(), *counts]
    return [(kind, counts[kind]) for kind in dict.fromkeys(kinds) if kind in counts]


@register.filter
def is_editable(moment: datetime) -> bool:
    """Whether a comment of this age may still be edited by its author."""
    return timezone.now() - moment < edit_window()


@register.filter
def ago(moment: datetime) -> str:
    """How long ago it was, in the words of `ago` in page/times.js."""
    age = timezone.now() - moment
    if age < timedelta(minutes=1):
        return "just now"
    if age < timedelta(hours=1):
        return f"{age // timedelta(minutes=1)} min"
    if age < timedelta(days=1):
        return f"{age // timedelta(hours=1)} h"
    if age < timedelta(days=7):
        return f"{age.days} d"
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y}"
