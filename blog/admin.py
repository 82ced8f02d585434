"""The admin of articles, with a preview of unsaved text, of their former addresses, and of tags."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Count, ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from blog import markdown
from blog.models import LONGEST_BODY, Article, FormerSlug, Tag
from blog.services import save_article


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "article_count")
    search_fields = ("name",)
    prepopulated_fields: ClassVar = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(number=Count("articles"))

    @admin.display(description="Articles", ordering="number")
    def article_count(self, tag: Any) -> int:
        return tag.number


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ("title", "status", "author", "published_at", "updated_at")
    list_filter = ("status", "tags", ("author", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("author",)
    search_fields = ("title", "summary", "body")
    date_hierarchy = "published_at"
    prepopulated_fields: ClassVar = {"slug": ("title",)}
    autocomplete_fields = ("tags",)
    readonly_fields = ("created_at", "updated_at", "revised_at")
    save_on_top = True
    fieldsets = (
        (None, {"fields": ("title", "slug", "summary", "body", "tags")}),
        (
            "Publication",
            {"fields": ("status", "published_at", "author", "created_at", "updated_at", "revised_at")},
        ),
    )

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        wide = {"class": "vLargeTextField"}
        kwargs["widgets"] = {
            "title": forms.TextInput(attrs=wide),
            "summary": forms.TextInput(attrs=wide),
            "body": forms.Textarea(attrs={**wide, "rows": 28}),
        }
        return super().get_form(request, obj, change, **kwargs)

    def view_on_site(self, article: Article) -> str:
        # The path alone: the default goes through a redirect that builds an address from the request's host.
        return article.get_absolute_url()

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        save_article(article=obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).defer("body", "body_html")  # the list needs neither

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"author": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name == "author":  # only the staff: a choice among thousands of readers helps nobody
            kwargs["queryset"] = get_user_model().objects.filter(is_staff=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        preview = path("preview/", self.admin_site.admin_view(self.preview), name="blog_article_preview")
        return [preview, *super().get_urls()]

    @method_decorator([never_cache, require_POST])
    def preview(self, request: HttpRequest) -> HttpResponse:
        """Show the form's text as readers would see it. Nothing is stored, and no field needs to be valid."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        context = {
            "title": request.POST.get("title", ""),
            "summary": request.POST.get("summary", ""),
            "body_html": markdown.render(request.POST.get("body", "")[:LONGEST_BODY]),
        }
        return TemplateResponse(request, "admin/blog/article/preview.html", context)


@admin.register(FormerSlug)
class FormerSlugAdmin(admin.ModelAdmin):
    """The former addresses, to look at and to free. Only `Article.save()` makes them."""

    list_display = ("slug", "article", "since")
    list_select_related = ("article",)
    search_fields = ("slug", "article__title")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: FormerSlug | None = None) -> bool:
        return False
