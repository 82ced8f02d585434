"""The call that shows a comment as it would look."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from comments import wire
from comments.addresses import address_of
from comments.api.errors import errors, valid
from comments.api.fields import StrictCharField
from comments.api.views import CommentsAPIView, check_csrf, checked_author, json
from comments.previews import preview_comment
from comments.queries import get_thread_at


class Text(serializers.Serializer[Any]):
    content = StrictCharField()


class Rendered(serializers.Serializer[Any]):
    html = serializers.CharField(help_text="Rendered and sanitised by the server, as a posted comment is.")


class PreviewView(CommentsAPIView):
    @extend_schema(
        operation_id="preview_comment",
        request=Text,
        responses={200: Rendered} | errors(400, 401, 403, 404, 413, 422, 429, 503),
    )
    def post(self, request: Request, collection: str, key: str) -> HttpResponse:
        """What a comment of this text would look like; nothing is stored."""
        author = checked_author(request)
        if author is None:
            check_csrf(request)
        html = preview_comment(
            author=author,
            thread=get_thread_at(collection, key),
            content=valid(Text(data=request.data))["content"],
            address=address_of(request._request),
        )
        return json(wire.encode({"html": html}))
