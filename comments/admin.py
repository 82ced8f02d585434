"""Moderation. Every decision goes through the services, so that open pages learn of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import services
from comments.errors import CommentError
from comments.former_texts import ShowsFormerTexts
from comments.models import Comment, Thread
from comments.rendering import render_content
from comments.subjects import Subject, ask, content_type_of, registered
from comments.text import check_content, tame

MOST_FOUND = 200  # objects of a kind that a search goes through
MOST_OFFERED = 50  # threads in the filter
ID = re.compile(r"[0-9]{1,18}")


def targets(lookup: str) -> GenericPrefetch[Any]:
    """A prefetch of the objects that threads are about, with no more than their titles and addresses need."""
    rows = [ask(subject, subject.all, None) for subject in registered()]
    return GenericPrefetch(lookup, [known for known in rows if known is not None])


def known_types() -> list[ContentType]:
    """The content types that the project has subjects for; nothing can be said about other threads."""
    return [content_type_of(subject) for subject in registered()]


def search_threads(term: str) -> QuerySet[Thread, Any]:
    """The ids of threads whose target has the term in a search field of its subject, MOST_FOUND per kind."""
    found = Q(pk__in=[])
    for subject in registered():
        nothing: list[str] = []
        keys = ask(subject, partial(_search, subject, term), nothing)
        found |= Q(content_type=content_type_of(subject), object_key__in=keys)
    return Thread.objects.filter(found).values("pk")


def _search(subject: Subject, term: str) -> list[str]:
    matches = Q(pk__in=[])
    for field in subject.search_fields:
        matches |= Q(**{f"{field}__icontains": term})
    return [str(pk) for pk in subject.all().filter(matches).values_list("pk", flat=True)[:MOST_FOUND]]


class ThreadFilter(admin.SimpleListFilter):
    """Filters by thread: it offers those with most comments, and takes any that a link names."""

    title = _("thread")
    parameter_name = "thread"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        threads = Thread.objects.filter(count__gt=0, content_type__in=known_types())
        threads = threads.order_by("-count", "-pk")
        return [(str(t.pk), t.title) for t in threads.prefetch_related(targets("target"))[:MOST_OFFERED]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment] | None:
        if not (value := self.value()):
            return None
        return queryset.filter(thread=int(value)) if ID.fullmatch(value) else queryset.none()


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # it has a parameter in the stubs only
    """Rows that only services make, change or delete."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Compare a field with what the moderator was shown, and not with what is stored by now."""
        return super().formfield_for_dbfield(db_field, request, show_hidden_initial=True, **kwargs)

    def response_action(  # type: ignore[override] # the stubs know a later Django
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        """Django's own, but with 400 for a selection that no form of ours sends; Django would answer 500."""
        if not all(ID.fullmatch(pk) for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("Not a selection of rows.")
        return super().response_action(request, queryset)


class CommentForm(forms.ModelForm):  # type: ignore[type-arg] # it has a parameter in the stubs only
    """The fields of a comment that a moderator may change; its text keeps the rules for those who write."""

    def clean_content(self) -> str:
        try:
            content = check_content(self.cleaned_data["content"])
            render_content(content)  # refuses what nobody would see
            return content
        except CommentError as refusal:
            raise ValidationError(refusal.message) from refusal


@admin.register(Comment)
class CommentAdmin(ShowsFormerTexts, ReadOnlyAdmin):
    class Media:
        css: ClassVar = {"all": ("comments/admin/list.css",)}

    form = CommentForm
    list_display = ("excerpt", "by", "thread_link", "status", "created_at")
    list_display_links = ("excerpt",)
    list_filter = ("status", "role", "created_at", ThreadFilter)
    search_fields = ("content", "author_name")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-id")
    list_per_page = 50
    show_full_result_count = False
    actions = ("hide", "restore", "delete")
    fields = (
        "thread_link",
        "author_name",
        "role",
        "account",
        "status",
        "content",
        "shown_as",
        "parent_link",
        "created_at",
        "edited_at",
        "edited_by",
        "former_texts",
        "removed_by",
        "version",
        "seq",
    )

    def get_fields(self, request: HttpRequest, obj: Comment | None = None) -> tuple[str, ...]:
        """The text in a box for those who may edit it, and as tame text for those who may only look."""
        if self.has_change_permission(request, obj):
            return self.fields
        return tuple("as_typed" if field == "content" else field for field in self.fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Comment | None = None) -> tuple[str, ...]:
        return tuple(field for field in self.get_fields(request, obj) if field not in ("status", "content"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        rows = super().get_queryset(request).select_related("thread", "author", "parent")
        rows = rows.filter(thread__content_type__in=known_types())
        return rows.prefetch_related(targets("thread__target"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Comment], search_term: str
    ) -> tuple[QuerySet[Comment], bool]:
        """Find also the comments of threads that match in their title or another field of their subject."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term:
            found = found | queryset.filter(thread__in=search_threads(search_term))
        return found, may_repeat

    def save_model(self, request: HttpRequest, obj: Comment, form: Any, change: bool) -> None:
        """Hide before the edit, and restore after it: no reader sees a text that is being replaced."""
        is_hiding = "status" in form.changed_data and obj.status != Comment.Status.VISIBLE
        if is_hiding:
            SERVICE_OF_STATUS[obj.status](comment=obj)
        if "content" in form.changed_data:
            services.edit_comment(comment=obj, content=form.cleaned_data["content"])
        if "status" in form.changed_data and not is_hiding:
            SERVICE_OF_STATUS[obj.status](comment=obj)

    @admin.display(description=_("by"), ordering="author_name")
    def by(self, comment: Comment) -> str:
        return f"{comment.author_name} ({comment.get_role_display()})"

    @admin.display(description=_("account"))
    def account(self, comment: Comment) -> str:
        return str(comment.author) if comment.author else "-"

    @admin.display(description=_("comment"))
    def excerpt(self, comment: Comment) -> str:
        return tame(comment.content[:80])

    @admin.display(description=_("thread"))
    def thread_link(self, comment: Comment) -> SafeString:
        return format_html('<a href="{}">{}</a>', comment.get_absolute_url(), comment.thread.title)

    @admin.display(description=_("in reply to"))
    def parent_link(self, comment: Comment) -> str:
        return str(comment.parent) if comment.parent else "-"

    @admin.display(description=_("text"))
    def as_typed(self, comment: Comment) -> str:
        """The source, which can neither turn the direction of the page's text nor pile marks over it."""
        return tame(comment.content)

    @admin.display(description=_("as shown"))
    def shown_as(self, comment: Comment) -> SafeString:
        return SafeString(comment.html)

    @admin.action(permissions=["change"], description=_("Hide selected comments"))
    def hide(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        self._each(request, queryset, services.hide_comment)

    @admin.action(permissions=["change"], description=_("Restore selected comments"))
    def restore(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        self._each(request, queryset, services.restore_comment)

    @admin.action(permissions=["change"], description=_("Delete selected comments"))
    def delete(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        self._each(request, queryset, services.delete_comment)

    def _each(
        self, request: HttpRequest, queryset: QuerySet[Comment], service: Callable[..., Comment]
    ) -> None:
        comments = list(queryset.order_by("id"))
        for comment in comments:
            changed = service(comment=comment)
            self.log_change(request, changed, [{"changed": {"fields": [f"status: {changed.status}"]}}])
        done = ngettext("%d comment changed.", "%d comments changed.", len(comments)) % len(comments)
        self.message_user(request, done, messages.SUCCESS)


SERVICE_OF_STATUS: dict[str, Callable[..., Comment]] = {
    Comment.Status.VISIBLE: services.restore_comment,
    Comment.Status.HIDDEN: services.hide_comment,
    Comment.Status.DELETED: services.delete_comment,
}


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    list_display = ("title", "kind", "policy", "count")
    list_filter = ("policy",)
    search_fields = ("object_key",)
    ordering = ("-pk",)
    actions = ("lock", "unlock")
    fields = ("title", "kind", "policy", "count", "changes", "epoch")
    readonly_fields = ("title", "kind", "count", "changes", "epoch")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Thread]:
        rows = super().get_queryset(request).filter(content_type__in=known_types())
        return rows.prefetch_related(targets("target"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Thread], search_term: str
    ) -> tuple[QuerySet[Thread], bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if search_term:
            found = found | queryset.filter(pk__in=search_threads(search_term))
        return found, may_repeat

    def view_on_site(self, thread: Thread) -> str:
        return thread.url

    @admin.display(description=_("comments on"))
    def title(self, thread: Thread) -> str:
        return thread.title

    @admin.display(description=_("kind"))
    def kind(self, thread: Thread) -> str:
        return thread.kind

    @admin.display(description=_("changes so far"))
    def changes(self, thread: Thread) -> int:
        return thread.head_seq

    def save_model(self, request: HttpRequest, obj: Thread, form: Any, change: bool) -> None:
        if "policy" in form.changed_data:
            services.set_policy(thread=obj, policy=obj.policy)

    @admin.action(permissions=["change"], description=_("Lock selected threads"))
    def lock(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        self._set_policy(request, queryset, Thread.Policy.CLOSED)

    @admin.action(permissions=["change"], description=_("Unlock selected threads"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[Thread]) -> None:
        self._set_policy(request, queryset, Thread.Policy.OPEN)

    def _set_policy(self, request: HttpRequest, queryset: QuerySet[Thread], policy: Thread.Policy) -> None:
        threads = list(queryset)
        for thread in threads:
            changed = services.set_policy(thread=thread, policy=policy)
            self.log_change(request, changed, [{"changed": {"fields": [f"policy: {policy}"]}}])
        done = ngettext("%d thread is now %s.", "%d threads are now %s.", len(threads))
        self.message_user(request, done % (len(threads), policy.label), messages.SUCCESS)
