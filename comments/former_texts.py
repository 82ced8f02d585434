"""The former texts of a comment in the admin, for moderators to read."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, Revision
from comments.text import tame

MOST_REVISIONS = 20  # the newest


class ShowsFormerTexts:
    """For the ModelAdmin of comments."""

    @admin.display(description=_("former texts"))
    def former_texts(self, comment: Comment) -> SafeString:
        """What the comment said before each edit, and who wrote that; the newest first."""
        former = Revision.objects.filter(comment=comment).order_by("-version")[:MOST_REVISIONS]
        rows = ((each.version, each.get_edited_by_display() or "-", tame(each.content)) for each in former)
        return format_html_join("", "<p><b>{}</b> ({}): {}</p>", rows) or SafeString("-")
