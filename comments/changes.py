"""What all services do in their transactions: lock the thread, take its next number, announce on commit."""

from __future__ import annotations

from functools import partial, update_wrapper

from django.db import transaction

from comments import wire
from comments.announcements import Announcement, Change, ThreadChange
from comments.models import Thread
from comments.publisher import group_of, publisher


def lock(thread_id: int) -> Thread:
    """The thread, whose row is locked until the transaction ends. Raises Thread.DoesNotExist."""
    return Thread.objects.select_for_update().get(pk=thread_id)


def next_seq(locked: Thread) -> int:
    """The next number of a thread whose row is locked; the caller saves `head_seq`."""
    locked.head_seq += 1
    return locked.head_seq


def announce_on_commit(
    thread: Thread, frame: wire.Change, *, author_key: str | None = None, ref: str | None = None
) -> None:
    """Announce a numbered change. author_key and ref: whose command it answers, if it does."""
    change = Change(
        frame.seq,
        frame.prev,
        wire.encode(frame),
        author=author_key,
        ref=ref,
        policy=frame.policy if isinstance(frame, wire.ThreadChanged) else None,
    )
    publish_on_commit(thread, ThreadChange(thread=thread.pk, epoch=thread.epoch, change=change))


def publish_on_commit(thread: Thread, announcement: Announcement) -> None:
    """Hand an announcement about a thread to the publisher, once the transaction is committed."""
    announce = partial(publisher.publish, group_of(thread.pk), announcement)
    # Django logs a failure by the name of the call, and itself fails where that has none.
    transaction.on_commit(update_wrapper(announce, publisher.publish), robust=True)
