"""Articles and their tags."""

import math
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from blog import markdown
from blog.slugs import free_slug

# Characters, twice a long book chapter. It bounds what one save costs to render, and a form with as many
# Chinese ones (9 bytes each on the way) still fits into DATA_UPLOAD_MAX_MEMORY_SIZE.
LONGEST_BODY = 100_000
WORDS_PER_MINUTE = 230  # at which people read English prose silently

TAG_SLUG, ARTICLE_SLUG = 60, 80  # characters

# What save() derives from a field, so that save(update_fields=["body"]) stores the HTML too.
DERIVED = {"title": {"slug"}, "body": {"body_html"}, "status": {"published_at"}}


class Tag(models.Model):
    """A theme that articles share."""

    name = models.CharField(max_length=50, unique=True)
    slug = models.SlugField(
        max_length=TAG_SLUG, unique=True, blank=True, help_text="If blank, made from the name."
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(self, self.name, length=TAG_SLUG, fallback="tag")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("blog:tag", args=[self.slug])


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """Articles that everybody may read: published, and not dated in the future."""
        return self.filter(status=Article.Status.PUBLISHED, published_at__lte=timezone.now())

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Articles that `user` may read: only the staff reads drafts and articles dated in the future."""
        return self.all() if user.is_active and getattr(user, "is_staff", False) else self.published()

    def for_list(self) -> Self:
        """Newest first, with author and tags, without the texts: two queries whatever the length."""
        return (
            self.select_related("author")
            .prefetch_related("tags")
            .defer("body", "body_html")
            .order_by("-published_at", "-pk")
        )


class Article(models.Model):
    """A text of the site, written in Markdown; its HTML is made once, when it is saved."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    title = models.CharField(max_length=200)
    slug = models.SlugField(
        max_length=ARTICLE_SLUG,
        unique=True,
        blank=True,
        help_text="The address. If blank, made from the title.",
    )
    summary = models.CharField(
        max_length=300, blank=True, help_text="A sentence or two, shown under the title."
    )
    body = models.TextField(validators=[MaxLengthValidator(LONGEST_BODY)], help_text="Markdown.")
    body_html = models.TextField(editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="articles")
    tags = models.ManyToManyField(Tag, blank=True, related_name="articles")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Set when first published. A time in the future holds it back until then.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    comment_count = 0  # set where a list shows it (blog.live)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-pk")
        # For readers' lists: published, newest first. The key makes the order total, so pages never overlap.
        indexes = (models.Index(fields=["status", "-published_at", "-id"], name="article_newest"),)

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = free_slug(self, self.title, length=ARTICLE_SLUG, fallback="article")
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()
        fields = kwargs.get("update_fields")
        if fields is not None:
            derived = (DERIVED.get(field, ()) for field in fields)
            kwargs["update_fields"] = {"updated_at"}.union(fields, *derived)
        if fields is None or "body" in fields:
            self.body_html = markdown.render(self.body)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("blog:article", args=[self.slug])

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it, now."""
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def was_revised(self) -> bool:
        """Whether it changed on a later day than it was published, which is the revision that pages show."""
        return self.published_at is not None and self.updated_at.date() > self.published_at.date()

    @property
    def reading_minutes(self) -> int:
        return max(1, math.ceil(len(self.body.split()) / WORDS_PER_MINUTE))

    @property
    def byline(self) -> str:
        return self.author.get_full_name() or self.author.get_username()
