"""Articles, their tags, and the addresses that they had before."""

import math
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
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
DERIVED = {"body": {"body_html"}, "status": {"published_at"}}

RESERVED = (
    "“%(slug)s” was the address of “%(article)s” and still leads there. Choose another one. "
    "If old links to “%(article)s” may break, delete “%(slug)s” from the former addresses first."
)


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
            others = Tag.objects.exclude(pk=self.pk)
            self.slug = free_slug(self.name, others=[others], length=TAG_SLUG, fallback="tag")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("blog:tag", args=[self.slug])


def _may_read_drafts(user: AbstractBaseUser | AnonymousUser) -> bool:
    if not (user.is_active and getattr(user, "is_staff", False)):
        return False
    return any(user.has_perm(f"blog.{may}_article") for may in ("view", "change"))  # type: ignore[attr-defined]


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        """Articles that everybody may read: published, and not dated in the future."""
        return self.filter(status=Article.Status.PUBLISHED, published_at__lte=timezone.now())

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Articles that `user` may read.

        Drafts and articles dated in the future are for the staff who may see articles in the admin.
        """
        return self.all() if _may_read_drafts(user) else self.published()

    def at(self, slug: str) -> "Article | None":
        """The article that has or had this slug, in one query: no change of slugs falls between two."""
        former = FormerSlug.objects.filter(slug=slug).values("article")[:1]
        return self.filter(models.Q(slug=slug) | models.Q(pk=former)).first()

    def update(self, **values: Any) -> int:
        """Django's own, but for slugs, since only `save()` keeps the former one. Raises ValueError."""
        if "slug" in values:
            raise ValueError(
                "Change slugs with save(), which keeps the former one: links and open pages use it."
            )
        return super().update(**values)

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
        help_text="The address. If blank, made from the title. Former ones lead here, too.",
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
    # Of what readers have had before: only blog.services counts one.
    revision = models.PositiveIntegerField(default=1, editable=False)
    revised_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its readers last got another text."
    )

    comment_count = 0  # set where a list shows it (blog.live)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-pk")
        # For readers' lists: published, newest first. The key makes the order total, so pages never overlap.
        indexes = (models.Index(fields=["status", "-published_at", "-id"], name="article_newest"),)

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the article with what follows from its fields. The slug that it had goes on leading to it.

        Raises ValidationError for a slug that another article had: it leads there.
        """
        fields = kwargs.get("update_fields")
        if not self.slug:
            self.slug = self._slug_of_title()
            fields = None if fields is None else {*fields, "slug"}
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()
        if fields is not None:
            derived = (DERIVED.get(field, ()) for field in fields)
            kwargs["update_fields"] = {"updated_at"}.union(fields, *derived)
        if fields is None or "body" in fields:
            self.body_html = markdown.render(self.body)
        if fields is None or "slug" in fields:
            self._save_with_slug(*args, **kwargs)
        else:
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("blog:article", args=[self.slug])

    def clean(self) -> None:
        super().clean()
        self.check_slug()

    def check_slug(self) -> None:
        """Raise ValidationError for a slug that another article had: it leads there."""
        others = FormerSlug.objects.exclude(article=self.pk).select_related("article")
        reserved = others.filter(slug=self.slug).first()
        if reserved is not None:
            raise ValidationError({"slug": RESERVED % {"slug": self.slug, "article": reserved.article}})

    def _slug_of_title(self) -> str:
        others = (Article.objects.exclude(pk=self.pk), FormerSlug.objects.exclude(article=self.pk))
        return free_slug(self.title, others=others, length=ARTICLE_SLUG, fallback="article")

    @transaction.atomic
    def _save_with_slug(self, *args: Any, **kwargs: Any) -> None:
        # The row has the present slug; this object may have been read before somebody else changed it.
        stored = Article.objects.select_for_update().filter(pk=self.pk).values_list("slug", flat=True)
        former = stored.first()
        super().save(*args, **kwargs)
        if former == self.slug:
            return
        self.check_slug()  # after the row was written: until then another article may be leaving this slug
        if former is not None:
            self.former_slugs.filter(slug=self.slug).delete()  # the article takes it back
            self.former_slugs.create(slug=former)

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it, now."""
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def reading_minutes(self) -> int:
        return max(1, math.ceil(len(self.body.split()) / WORDS_PER_MINUTE))

    @property
    def byline(self) -> str:
        return self.author.get_full_name() or self.author.get_username()


class FormerSlug(models.Model):
    """A slug that an article had: it leads to the article, and no other article may have it.

    Pages that were opened at it go on reading and posting there, so another article with this slug would get
    their comments. Deleting the row, or the article, frees it.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="former_slugs")
    slug = models.SlugField("former address", max_length=ARTICLE_SLUG, unique=True)
    since = models.DateTimeField("left", default=timezone.now)

    class Meta:
        ordering = ("-since", "-pk")
        verbose_name = "former address"
        verbose_name_plural = "former addresses"

    def __str__(self) -> str:
        return self.slug
