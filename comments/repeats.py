"""A form that was posted, and is posted again by a reader who went back to it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from comments.authors import Author
from comments.models import Comment, Thread
from comments.text import MAX_SENT, tidy

WITHIN = timedelta(minutes=30)


def find_repeated(*, author: Author, thread: Thread, content: str, parent: str) -> Comment | None:
    """The author's last comment in the thread, if it says the same in the same place and is recent.

    A browser that goes back may show the old text in a new form, whose `ref` is another. The same words twice
    running are then the same comment. content: as typed.
    """
    if len(content) > MAX_SENT:
        return None
    last = Comment.objects.filter(thread=thread, author_key=author.key).order_by("-pk").first()
    if last is None or last.status != Comment.Status.VISIBLE or last.created_at < timezone.now() - WITHIN:
        return None
    same = last.content == tidy(content)
    return last if same and str(last.parent_id or "") == parent else None
