"""Threads and comments as they are stored. Only comments.services writes them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Article
from comments.text import tame

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


def new_epoch() -> str:
    """A random name for one life of a thread's numbering: 12 bytes, URL-safe."""
    return secrets.token_urlsafe(12)


class Thread(models.Model):
    """The comments of one article, and the numbering of their public changes.

    Its row lock orders writers: whoever takes the next number holds it until commit, so commit order is
    `seq` order.
    """

    class Policy(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="thread")
    epoch = models.CharField(max_length=32, default=new_epoch, editable=False)
    head_seq = models.PositiveBigIntegerField(_("last change"), default=0, editable=False)
    policy = models.CharField(max_length=16, choices=Policy, default=Policy.OPEN)
    policy_seq = models.PositiveBigIntegerField(default=0, editable=False)
    count = models.PositiveIntegerField(_("visible comments"), default=0, editable=False)

    def __str__(self) -> str:
        return str(self.article)


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, user: User | AnonymousUser | None) -> CommentQuerySet:
        """What this reader may read: moderators everything, others what is public on a published article."""
        if user is not None and user.has_perm("comments.change_comment"):
            return self
        return self.filter(status=Comment.Status.VISIBLE, thread__article__in=Article.objects.published())

    def standing(self) -> CommentQuerySet:
        """What has a place in a thread: visible comments, and removed ones that visible replies hang on."""
        return self.filter(models.Q(status=Comment.Status.VISIBLE) | models.Q(reply_count__gt=0))


class Comment(models.Model):
    """One comment. `seq` is the number of its last public change, by which pages are brought up to date."""

    class Status(models.TextChoices):
        VISIBLE = "visible", _("visible")
        HIDDEN = "hidden", _("hidden")
        DELETED = "deleted", _("deleted")

    class Role(models.TextChoices):
        AUTHOR = "author", _("author of the article")
        MODERATOR = "moderator", _("moderator")
        MEMBER = "member", _("member")
        GUEST = "guest", _("guest")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replies"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments"
    )
    author_key = models.CharField(max_length=40)
    author_name = models.CharField(_("author's name"), max_length=150)
    role = models.CharField(max_length=16, choices=Role)
    ref = models.UUIDField(editable=False)
    content = models.TextField(_("text"))
    html = models.TextField(editable=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.VISIBLE)
    seq = models.PositiveBigIntegerField(_("change"))
    version = models.PositiveIntegerField(default=1)
    reply_count = models.PositiveIntegerField(_("visible replies"), default=0, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)

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
            models.Index(fields=["thread", "-reply_count", "-id"], name="comment_top"),
        )

    def __str__(self) -> str:
        return tame(f"{self.author_name}: {self.content[:60]}")

    def get_absolute_url(self) -> str:
        return f"{self.thread.article.get_absolute_url()}#comment-{self.pk}"
