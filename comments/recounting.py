"""Mends what a thread knows about its comments, where rows were written past the services.

So a process of the version before conversations does while the site is updated, and so does whoever changes
rows by hand. What the services write is right by itself.
"""

from __future__ import annotations

from collections import Counter

from django.db import transaction

from comments.changes import lock
from comments.models import Comment, Thread, new_epoch

FIELDS = ("root_id", "reply_count", "conversation_count")
BATCH = 500  # rows that one UPDATE changes


def recount_thread(*, thread: Thread) -> int:
    """Find the root of every comment and count the visible replies; returns how many rows were wrong.

    Where any was, open pages start again from a snapshot: they could have counted on it.
    """
    with transaction.atomic():
        locked = lock(thread.pk)
        wrong = _mend(locked)
        visible = Comment.objects.filter(thread=locked, status=Comment.Status.VISIBLE).count()
        if visible != locked.count:
            locked.count = visible
            wrong += 1
        if wrong:
            locked.epoch = new_epoch()
            locked.save(update_fields=["count", "epoch"])
    return wrong


def _mend(locked: Thread) -> int:
    """Write the right numbers of the thread's comments where they are not; returns how many were not."""
    comments = list(Comment.objects.filter(thread=locked).order_by("pk").defer("content", "html"))
    before = [_numbers(comment) for comment in comments]
    roots: dict[int, int] = {}
    replies: Counter[int] = Counter()
    below: Counter[int] = Counter()
    for comment in comments:  # a reply is younger than what it answers
        if comment.parent_id is not None:
            roots[comment.pk] = root = roots.get(comment.parent_id, comment.parent_id)
            is_visible = comment.status == Comment.Status.VISIBLE
            replies[comment.parent_id] += is_visible
            below[root] += is_visible
    for comment in comments:
        comment.root_id = roots.get(comment.pk)
        comment.reply_count = replies[comment.pk]
        comment.conversation_count = below[comment.pk]
    wrong = [each for each, numbers in zip(comments, before, strict=True) if _numbers(each) != numbers]
    Comment.objects.bulk_update(wrong, ["root", "reply_count", "conversation_count"], batch_size=BATCH)
    return len(wrong)


def _numbers(comment: Comment) -> tuple[object, ...]:
    return tuple(getattr(comment, field) for field in FIELDS)
