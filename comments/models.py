"""Threads and comments as they are stored. Only comments.services writes them."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import subjects
from comments.subjects import LONGEST_KEY, Subject
from comments.text import LONGEST_SHOWN_NAME, tame

LONGEST_AUTHOR_KEY = 160  # characters: a letter and a primary key of any user model, as text
LONGEST_EMOJI = 32  # characters: a family of four in skin tones has 11


def new_epoch() -> str:
    """A random name for one life of a thread's numbering: 12 bytes, URL-safe."""
    return secrets.token_urlsafe(12)


class Thread(models.Model):
    """The comments of one object of any model, and the numbering of their public changes.

    target: the object; `object_key` is its primary key as text, so that UUIDs work too. The row's lock orders
    the writers: who takes the next number holds the lock until the commit, so commit order is `seq` order.
    """

    class Policy(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, editable=False)
    object_key = models.CharField(max_length=LONGEST_KEY, editable=False)
    target = GenericForeignKey("content_type", "object_key")
    epoch = models.CharField(max_length=32, default=new_epoch, editable=False)
    head_seq = models.PositiveBigIntegerField(_("last change"), default=0, editable=False)
    policy = models.CharField(max_length=16, choices=Policy, default=Policy.OPEN)
    policy_seq = models.PositiveBigIntegerField(default=0, editable=False)
    reaction_seq = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    count = models.PositiveIntegerField(_("visible comments"), default=0, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["content_type", "object_key"], name="one_thread_per_object"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> Subject | None:
        """The subject of the target's model; None where the project has none for it any more."""
        return subjects.subject_of(self._model.model_class())

    @property
    def kind(self) -> str:
        """The word in addresses for the target's model."""
        return self.subject.kind if self.subject else self._model.model

    @property
    def collection(self) -> str:
        """The word in addresses for the collection of such targets."""
        return self.subject.collection if self.subject else self.kind

    @property
    def key(self) -> str:
        """The target's key in addresses, as it is now."""
        return str(self._ask("key", self.object_key))

    @property
    def title(self) -> str:
        """The target's title."""
        return str(self._ask("title", f"{self._model.model} {self.object_key}"))

    @property
    def url(self) -> str:
        """The address of the target's page; empty where that is not known."""
        return str(self._ask("url", ""))

    @property
    def revision(self) -> int:
        """The number of the target's last revision; 0 where its subject does not say."""
        return int(self._ask("revision", 0))

    @property
    def subject_author_id(self) -> Any:
        """The primary key of the user who wrote the target, or None."""
        return self._ask("author_id", None)

    @property
    def _model(self) -> ContentType:
        """The target's content type, which the process knows after the first query for it."""
        return ContentType.objects.get_for_id(self.content_type_id)

    def know(self, target: models.Model) -> Thread:
        """Keep this target, which the caller has read already; returns the thread."""
        Thread._meta.get_field("target").set_cached_value(self, target)
        return self

    def _ask(self, what: str, otherwise: Any) -> Any:
        """What the subject says of the target; `otherwise` where it says nothing."""
        subject = self.subject
        if subject is None or (target := self.target) is None:
            return otherwise
        answer = subjects.ask(subject, lambda: getattr(subject, what)(target), None)
        return otherwise if answer is None else answer


class CommentQuerySet(models.QuerySet["Comment"]):
    def standing(self) -> CommentQuerySet:
        """The comments that a page shows: visible ones, and tombstones.

        A removed reply is a tombstone while it has a visible reply of its own, and a removed root while any
        comment of its conversation is visible.
        """
        return self.filter(
            models.Q(status=Comment.Status.VISIBLE)
            | models.Q(reply_count__gt=0)
            | models.Q(conversation_count__gt=0)
        )

    def with_family(self) -> CommentQuerySet:
        """Each comment with the numbers of its root and of the comment that it answers, in one query."""
        texts = ("content", "html")
        return self.select_related("root", "parent").defer(
            *(f"{relative}__{text}" for relative in ("root", "parent") for text in texts)
        )


class Comment(models.Model):
    """One comment. `seq` is the number of its last public change, by which pages are brought up to date.

    reactions: how many people reacted, by emoji; reaction_count is their sum. `reaction_seq` numbers the
    changes of a thread's reactions as `seq` numbers its public changes.
    """

    class Status(models.TextChoices):
        VISIBLE = "visible", _("visible")
        HIDDEN = "hidden", _("hidden")
        DELETED = "deleted", _("deleted")

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        MODERATOR = "moderator", _("moderator")
        MEMBER = "member", _("member")
        GUEST = "guest", _("guest")

    class By(models.TextChoices):
        AUTHOR = "author", _("author")
        MODERATOR = "moderator", _("moderator")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies"
    )
    # The first comment of the conversation; none for that one itself. The index is `comment_conversation`.
    root = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="conversation",
        db_index=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_key = models.CharField(max_length=LONGEST_AUTHOR_KEY)
    author_name = models.CharField(_("author's name"), max_length=LONGEST_SHOWN_NAME)
    role = models.CharField(max_length=16, choices=Role)
    ref = models.UUIDField(editable=False)
    content = models.TextField(_("text"))
    html = models.TextField(editable=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.VISIBLE)
    seq = models.PositiveBigIntegerField(_("change"))
    # The change that showed it first; 0 where it was written before that was kept.
    first_seq = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    # The changes that gave it this text and that took it away last; `seq` moves for other reasons, too.
    edited_seq = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    removed_seq = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    version = models.PositiveIntegerField(default=1)
    reply_count = models.PositiveIntegerField(_("visible replies"), default=0, editable=False)
    # Of a root: the visible comments below it, however deep.
    conversation_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    # The database knows the defaults, too: the processes of the version before write while a site is updated.
    edited_by = models.CharField(max_length=16, choices=By, blank=True, default="", db_default="")
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)
    removed_by = models.CharField(max_length=16, choices=By, blank=True, default="", db_default="")
    reactions = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    reaction_count = models.PositiveIntegerField(_("reactions"), default=0, db_default=0, editable=False)
    reaction_seq = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["thread", "author_key", "ref"], name="comment_ref_once_per_author"
            ),
            models.UniqueConstraint(fields=["thread", "seq"], name="comment_seq_once_per_thread"),
        )
        indexes = (
            models.Index(fields=["thread", "-id"], name="comment_newest"),
            models.Index(fields=["thread", "reaction_seq"], name="comment_reaction_seq"),
            models.Index(fields=["root", "id"], name="comment_conversation"),
            models.Index(
                fields=["thread", "-id"], condition=models.Q(root__isnull=True), name="comment_newest_roots"
            ),
            models.Index(
                fields=["thread", "-reaction_count", "-conversation_count", "-id"],
                condition=models.Q(root__isnull=True),
                name="comment_top_roots",
            ),
        )

    def __str__(self) -> str:
        return tame(f"{self.author_name}: {self.content[:60]}")

    def get_absolute_url(self) -> str:
        thread = self.thread
        try:
            return reverse("comments:permalink", args=[thread.collection, thread.key, self.pk])
        except NoReverseMatch:  # the key has become one that can't stand in an address
            return f"{thread.url}#comment-{self.pk}"

    @property
    def count_of_replies(self) -> int:
        """The visible comments below this one: all of a root's conversation, else the direct replies."""
        return self.reply_count if self.root_id else self.conversation_count


class Revision(models.Model):
    """A text that a comment had before an edit. Nobody reads it but the comment's author and moderators.

    edited_by: who wrote this text; empty for the first one.
    """

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    content = models.TextField(_("text"))
    edited_by = models.CharField(_("edited by"), max_length=16, choices=Comment.By, blank=True)
    edited_at = models.DateTimeField(_("written"))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["comment", "version"], name="revision_once_per_version"),
        )

    def __str__(self) -> str:
        return tame(f"{self.version}: {self.content[:60]}")


class Reaction(models.Model):
    """One person's reaction of one kind to a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="given_reactions")
    author_key = models.CharField(max_length=LONGEST_AUTHOR_KEY)
    emoji = models.CharField(max_length=LONGEST_EMOJI)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comment", "author_key", "emoji"], name="reaction_once_per_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.emoji} {self.author_key}"


class ReadMark(models.Model):
    """Up to which change one person has been told of a thread: `seq`, which counts in this `epoch` alone."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="read_marks")
    author_key = models.CharField(max_length=LONGEST_AUTHOR_KEY)
    epoch = models.CharField(max_length=32)
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["thread", "author_key"], name="read_mark_once_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.author_key} {self.seq}"
