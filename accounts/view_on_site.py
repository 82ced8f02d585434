"""The way from the admin to an object's page, for those who may see the object."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase


def view_on_site(request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponseBase:
    """Django's redirect, whose own tells all staff the address of every object, and so the titles of drafts.

    Raises Http404 for what the request's user may not see in the admin.
    """
    kind = ContentType.objects.filter(pk=content_type_id).first()
    model = kind.model_class() if kind is not None else None
    if model is None or not admin.site.is_registered(model):
        raise Http404
    if not admin.site.get_model_admin(model).has_view_permission(request):
        raise Http404
    return shortcut(request, content_type_id, object_id)
