"""The calls about one comment that exists: its author's edits and deletions, reactions, former texts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from comments import wire
from comments.addresses import address_of
from comments.api import serializers
from comments.api.errors import errors, valid
from comments.api.views import CommentsAPIView, CommentView, check_still, checked_author, json
from comments.editing import delete_own_comment, edit_own_comment, restore_own_comment
from comments.models import Comment
from comments.queries import get_thread_at
from comments.reactions import react
from comments.revisions import revisions


def asked(request: Request, collection: str, key: str, comment_id: Any) -> dict[str, Any]:
    """What every service for one comment needs to know of a request."""
    return {
        "author": checked_author(request),
        "thread": get_thread_at(collection, key),
        "comment_id": str(comment_id),
        "address": address_of(request._request),
    }


class OneCommentView(CommentView):
    @extend_schema(
        operation_id="edit_comment",
        request=serializers.EditedComment,
        responses={200: serializers.Comment} | errors(400, 401, 403, 404, 409, 413, 422, 429, 503),
    )
    def patch(self, request: Request, collection: str, key: str, pk: int) -> HttpResponse:
        """Give one's own comment another text. 409 `stale` has the present comment as `comment`."""
        about = asked(request, collection, key, pk)
        fields = valid(serializers.EditedComment(data=request.data))
        check_still(about["author"], fields.pop("author"))
        return json(wire.encode(wire.as_comment(edit_own_comment(**about, **fields))))

    @extend_schema(operation_id="delete_comment", responses={204: None} | errors(401, 403, 404, 429, 503))
    def delete(self, request: Request, collection: str, key: str, pk: int) -> HttpResponse:
        """Delete one's own comment."""
        delete_own_comment(**asked(request, collection, key, pk))
        return HttpResponse(status=204)


class RestoreView(CommentsAPIView):
    @extend_schema(
        operation_id="restore_comment",
        request=None,
        responses={200: serializers.Comment} | errors(401, 403, 404, 429, 503),
    )
    def post(self, request: Request, collection: str, key: str, pk: int) -> HttpResponse:
        """Take back that one deleted a comment a moment ago."""
        comment = restore_own_comment(**asked(request, collection, key, pk))
        return json(wire.encode(wire.as_comment(comment)))


class ReactionView(CommentsAPIView):
    @extend_schema(
        operation_id="react",
        request=None,
        responses={200: serializers.Reactions} | errors(400, 401, 403, 404, 422, 429, 503),
    )
    def put(self, request: Request, collection: str, key: str, pk: int, emoji: str) -> HttpResponse:
        """React to a comment; once more changes nothing."""
        return _counts(react(**asked(request, collection, key, pk), emoji=emoji, on=True))

    @extend_schema(
        operation_id="take_reaction_back",
        responses={200: serializers.Reactions} | errors(400, 401, 403, 404, 429, 503),
    )
    def delete(self, request: Request, collection: str, key: str, pk: int, emoji: str) -> HttpResponse:
        """React no longer."""
        return _counts(react(**asked(request, collection, key, pk), emoji=emoji, on=False))


class RevisionsView(CommentsAPIView):
    @extend_schema(
        operation_id="revisions",
        responses={200: serializers.Revisions} | errors(401, 403, 404, 503),
    )
    def get(self, request: Request, collection: str, key: str, pk: int) -> HttpResponse:
        """The texts that a comment had, the present one first; for its author and moderators."""
        thread = get_thread_at(collection, key)
        return json(wire.encode(revisions(checked_author(request), thread, str(pk))))


def _counts(comment: Comment) -> HttpResponse:
    return json(wire.encode(wire.as_reactions(comment)))
