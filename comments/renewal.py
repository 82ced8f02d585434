"""Renders comments anew, after the rules changed by which a text becomes HTML."""

from __future__ import annotations

from django.db import transaction

from comments.changes import lock
from comments.models import Comment, Thread
from comments.rendering import render_comment

CHUNK = 200  # comments held in memory, and written in one transaction


def render_anew(*, thread: Thread) -> int:
    """Store the HTML that the present rules make of a thread's comments; return how many changed.

    This is no public change: it takes no number, and nothing is announced. A page that is open shows the
    former HTML until it is loaded again, and an answer of the history that is in the cache has it for a
    minute. Nothing is rendered while the thread is locked, and a comment that is edited meanwhile keeps the
    HTML of its edit.
    Raises Thread.DoesNotExist.
    """
    changed, last = 0, 0
    comments = Comment.objects.filter(thread=thread).order_by("pk")
    while rows := list(comments.filter(pk__gt=last).values_list("pk", "version", "content", "html")[:CHUNK]):
        last = rows[-1][0]
        rendered = [(pk, version, render_comment(content), html) for pk, version, content, html in rows]
        changed += _store(thread, [(pk, version, new) for pk, version, new, old in rendered if new != old])
    return changed


def _store(thread: Thread, rendered: list[tuple[int, int, str]]) -> int:
    if not rendered:
        return 0
    with transaction.atomic():
        lock(thread.pk)
        return sum(
            Comment.objects.filter(pk=pk, version=version).update(html=html) for pk, version, html in rendered
        )
