"""Reads threads: by their object, by their address, and the heads of many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from comments.models import Thread
from comments.readers import count_readers
from comments.subjects import Subject, get_target, public_keys


def get_thread(target: Model) -> Thread:
    """The thread of an object; it is made when it is asked for the first time."""
    content_type = ContentType.objects.get_for_model(target)
    thread, _ = Thread.objects.get_or_create(content_type=content_type, object_key=str(target.pk))
    return thread.know(target)


def get_thread_at(kind: str, key: str) -> Thread:
    """The thread of the public object at an address, in two queries where it exists.

    kind: the word in the address, which may be the collection instead. Raises CommentError 404 not_found.
    """
    _, target = get_target(kind, key)
    return get_thread(target)


@dataclass(frozen=True)
class Numbers:
    """The numbers of an object for lists: its visible comments, and its readers of a few seconds ago."""

    comments: int = 0
    readers: int = 0


def numbers_of(targets: Sequence[Model]) -> dict[Any, Numbers]:
    """The numbers of objects of one model, by primary key, in one query and one look into the cache."""
    keys = {str(target.pk): target.pk for target in targets}
    numbers: dict[Any, Numbers] = {pk: Numbers() for pk in keys.values()}
    if targets:
        content_type = ContentType.objects.get_for_model(targets[0])
        rows = Thread.objects.filter(content_type=content_type, object_key__in=keys)
        found = list(rows.values_list("object_key", "pk", "count"))
        readers = count_readers(pk for _, pk, _ in found)
        numbers |= {keys[key]: Numbers(count, readers[pk]) for key, pk, count in found}
    return numbers


@dataclass(frozen=True)
class Head:
    """The head of a thread: its epoch, whether it is open, and the numbers of its last changes."""

    epoch: str
    seq: int
    policy: str
    reaction_seq: int = 0


@dataclass(frozen=True)
class Heads:
    """The heads of threads whose objects are public, by thread id.

    unknown: the ids of threads whose subject could not say now which of its objects are public.
    """

    public: dict[int, Head] = field(default_factory=dict)
    unknown: set[int] = field(default_factory=set)


def get_heads(thread_ids: Iterable[int]) -> Heads:
    """The heads of these threads; in one query, and one per kind.

    Raises what the database raises when it is out of reach.
    """
    by_subject: dict[Subject | None, list[Thread]] = {}
    for thread in Thread.objects.filter(pk__in=list(thread_ids)):
        by_subject.setdefault(thread.subject, []).append(thread)
    heads = Heads()
    for subject, some in by_subject.items():
        public = public_keys(subject, [thread.object_key for thread in some]) if subject else set()
        for thread in some:
            if public is None:
                heads.unknown.add(thread.pk)
            elif thread.object_key in public:
                heads.public[thread.pk] = Head(
                    thread.epoch, thread.head_seq, thread.policy, thread.reaction_seq
                )
    return heads
