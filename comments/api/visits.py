"""The calls about somebody's visits: what changed since the last one, and up to where they were told."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from comments import wire
from comments.addresses import address_of
from comments.api import serializers
from comments.api.errors import errors, valid
from comments.api.views import CommentsAPIView, checked_author, json
from comments.queries import get_thread_at, since
from comments.read_marks import mark_of, mark_read


class SinceView(CommentsAPIView):
    @extend_schema(
        operation_id="since",
        parameters=[serializers.SinceQuery],
        responses={200: serializers.Since} | errors(400, 401, 403, 404, 503),
    )
    def get(self, request: Request, collection: str, key: str) -> HttpResponse:
        """What others changed since the asker's read mark, or after the number that they give."""
        author = checked_author(request)
        query = valid(serializers.SinceQuery(data=request.query_params))
        thread = get_thread_at(collection, key)
        after = mark_of(author, thread) if author else None
        if after is None and query["epoch"] == thread.epoch:
            after = query["seq"]
        return json(wire.encode(since(thread, after, author.key if author else None)))


class ReadView(CommentsAPIView):
    @extend_schema(
        operation_id="mark_read",
        request=serializers.Read,
        responses={200: serializers.ReadMark} | errors(400, 401, 403, 404, 413, 429, 503),
    )
    def post(self, request: Request, collection: str, key: str) -> HttpResponse:
        """Keep up to which change this person was told of the thread."""
        author = checked_author(request)
        fields = valid(serializers.Read(data=request.data))
        thread = get_thread_at(collection, key)
        seq = mark_read(author=author, thread=thread, address=address_of(request._request), **fields)
        return json(wire.encode({"epoch": thread.epoch, "seq": seq}))
