"""What is commented on was revised or moved: open pages are told."""

from __future__ import annotations

from functools import partial, update_wrapper

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model

from comments import subjects, wire
from comments.announcements import SubjectRevised
from comments.models import Thread
from comments.publisher import group_of, publisher


def announce_revision(target: Model) -> None:
    """Tell the pages that show an object that its text, its title or its address is another one.

    target: the object as it is stored now, with a `revision` (comments.subjects.Subject) that has grown. Call
    this where the project stores it, in the same transaction: pages are told after the commit. Nobody is told
    of an object that is not public or has no page open. A page that misses it learns it later.
    """
    content_type = ContentType.objects.get_for_model(target)
    thread = Thread.objects.filter(content_type=content_type, object_key=str(target.pk)).first()
    if thread is None or not _is_public(thread, target):
        return
    announcement = SubjectRevised(thread=thread.pk, subject=wire.as_subject(thread.know(target)))
    announce = partial(publisher.publish, group_of(thread.pk), announcement)
    # Django logs a failure by the name of the call, and itself fails where that has none.
    transaction.on_commit(update_wrapper(announce, publisher.publish), robust=True)


def _is_public(thread: Thread, target: Model) -> bool:
    subject = thread.subject
    return subject is not None and str(target.pk) in (subjects.public_keys(subject, [str(target.pk)]) or ())
