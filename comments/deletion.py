"""Deletes an object's thread with the object, whatever code deletes the object."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_delete

from comments.services import delete_thread_of
from comments.subjects import subject_of


def follow_deletions() -> None:
    """Listen to the models that have a subject, and to no other: those are deleted as fast as ever."""
    for model in apps.get_models():
        if subject_of(model) is not None:
            post_delete.connect(forget_thread, sender=model, dispatch_uid="comments.deletion")


def forget_thread(instance: Model, **rest: Any) -> None:
    """Receiver of post_delete, which runs in the transaction of the deletion.

    It announces nothing. The next look at the heads sends readers away, as from an unpublished object.
    """
    delete_thread_of(target=instance)
