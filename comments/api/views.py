"""The HTTP API. A view reads the request, calls one service or query, and answers."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from comments import wire
from comments.addresses import address_of
from comments.api import serializers
from comments.api.authentication import CheckedTokenAuthentication
from comments.api.errors import answer, errors, valid
from comments.api.parsers import ShallowJSONParser
from comments.attempts import By, check_attempt, check_refusals, kind_of
from comments.authors import (
    Author,
    guest_from_cookies,
    has_tokens,
    name_guest,
    set_guest_cookie,
)
from comments.bodies import check_body
from comments.credentials import author_from_request, reader_from_request
from comments.csrf import is_forged
from comments.errors import CommentError
from comments.queries import (
    get_comment,
    get_thread_at,
    history_json,
    mark_own,
    mark_own_replies,
    replies,
    snapshot,
)
from comments.rates import check_naming
from comments.services import post_comment
from comments.shown import Shown
from comments.verification import verify


def json(body: bytes, **headers: str) -> HttpResponse:
    """An answer that is JSON already, and belongs to the moment it was made in."""
    return HttpResponse(
        body, content_type="application/json", headers={"Cache-Control": "no-store", **headers}
    )


def checked_author(request: Request) -> Author | None:
    """The author of the request: the user of its token or session, else the guest of its cookie.

    DRF checks CSRF for session users only. A guest's cookie is worth as much, so it is checked here.
    Raises PermissionDenied for a guest's request that another site may have forged.
    """
    author = author_from_request(request)
    if author is not None and author.user_id is None:
        check_csrf(request)
    return author


def reader_key(request: Request) -> str | None:
    """The key of who reads, where that is known."""
    reader = reader_from_request(request)
    return reader.key if reader else None


def check_csrf(request: Request) -> None:
    """Raise PermissionDenied, answered as 403 forbidden, for a request that another site may have forged."""
    request._request._dont_enforce_csrf_checks = False  # type: ignore[attr-defined]
    if is_forged(request._request):
        raise exceptions.PermissionDenied("The CSRF token is missing or wrong.")


def check_still(author: Author | None, expected: str | None) -> None:
    """Raise CommentError 401 login_required if it is not who the client takes its user for.

    A page that was opened by one person may be looked at after another logged in, in another tab.
    """
    if expected is not None and (author is None or author.key != expected):
        raise CommentError(401, "login_required", "You have been logged out.")


class CommentsAPIView(APIView):
    """The base of all calls, which does not depend on the project's defaults for DRF."""

    permission_classes = ()
    throttle_classes = ()
    renderer_classes = (JSONRenderer,)
    parser_classes = (ShallowJSONParser,)
    content_negotiation_class = DefaultContentNegotiation
    versioning_class = None
    metadata_class = None
    schema = AutoSchema()
    tried_by = By.NOBODY  # until somebody is recognised

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count what is tried. Raises CommentError 429, where it can before anybody is looked up."""
        address = address_of(request._request)
        check_refusals(address)
        check_body(request._request)
        super().initial(request, *args, **kwargs)
        if request.user is not None and request.user.is_authenticated:
            self.tried_by = By.MEMBER
        else:
            self.tried_by = kind_of(guest_from_cookies(request.COOKIES))
        if request.method not in SAFE_METHODS:
            check_attempt(address, self.tried_by)

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Tokens first: their 401 carries WWW-Authenticate."""
        if self.authentication_classes == ():
            return []
        return (
            [CheckedTokenAuthentication(), SessionAuthentication()]
            if has_tokens()
            else [SessionAuthentication()]
        )

    def get_exception_handler(self) -> Any:
        return answer


class GuestView(CommentsAPIView):
    authentication_classes = ()

    @extend_schema(
        operation_id="guest",
        request=serializers.GuestName,
        responses={200: serializers.Person} | errors(400, 401, 403, 409, 413, 422, 429, 503),
    )
    def post(self, request: Request) -> Response:
        """Give a guest a name, kept in a signed cookie."""
        check_csrf(request)
        name = valid(serializers.GuestName(data=request.data))["name"]
        previous = guest_from_cookies(request.COOKIES)
        check_naming(previous.key if previous else None, address_of(request._request))
        guest = name_guest(name, previous=previous)
        response = Response({"id": guest.key, "name": guest.name, "role": guest.role})
        set_guest_cookie(response, guest)
        return response


class MeView(CommentsAPIView):
    @extend_schema(operation_id="me", responses={200: serializers.Me} | errors(401, 403))
    def get(self, request: Request) -> HttpResponse:
        """The person whose credentials these are; null where they are nobody's."""
        author = checked_author(request)
        user = None if author is None else {"id": author.key, "name": author.name, "role": author.role}
        return json(wire.encode({"user": user}))


@method_decorator(gzip_page, name="get")
class CommentsView(CommentsAPIView):
    @extend_schema(
        operation_id="comments",
        parameters=[serializers.SnapshotQuery],
        responses={200: serializers.Snapshot} | errors(400, 401, 404, 503),
    )
    def get(self, request: Request, collection: str, key: str) -> HttpResponse:
        """A page of the comments as they are now."""
        query = valid(serializers.SnapshotQuery(data=request.query_params))
        page = snapshot(get_thread_at(collection, key), **query)
        return json(wire.encode(mark_own(page, reader_key(request))))

    @extend_schema(
        operation_id="post_comment",
        request=serializers.NewComment,
        responses={200: serializers.Comment, 201: serializers.Comment}
        | errors(400, 401, 403, 404, 409, 413, 422, 429, 503),
    )
    def post(self, request: Request, collection: str, key: str) -> HttpResponse:
        """Write a comment. 201 for a new one, 200 where this ref was posted before."""
        author = checked_author(request)
        fields = valid(serializers.NewComment(data=request.data))
        check_still(author, fields.pop("author"))
        posted = post_comment(
            author=author,
            thread=get_thread_at(collection, key),
            address=address_of(request._request),
            **fields,
        )
        response = json(wire.encode(wire.as_comment(posted.comment)))
        response.status_code = 200 if posted.duplicate else 201
        return response


class CommentView(CommentsAPIView):
    @extend_schema(
        operation_id="comment",
        responses={200: serializers.Comment} | errors(401, 403, 404, 503),
    )
    def get(self, request: Request, collection: str, key: str, pk: int) -> HttpResponse:
        """A comment that everybody may see."""
        return json(wire.encode(wire.as_comment(get_comment(get_thread_at(collection, key), pk))))


@method_decorator(gzip_page, name="get")
class RepliesView(CommentsAPIView):
    @extend_schema(
        operation_id="replies",
        parameters=[serializers.RepliesQuery],
        responses={200: serializers.Conversation} | errors(400, 401, 403, 404, 503),
    )
    def get(self, request: Request, collection: str, key: str, pk: int) -> HttpResponse:
        """A part of the conversation that a comment belongs to, oldest first."""
        query = valid(serializers.RepliesQuery(data=request.query_params))
        part = replies(get_thread_at(collection, key), pk, **query)
        return json(wire.encode(mark_own_replies(part, reader_key(request))))


class HistoryView(CommentsAPIView):
    @extend_schema(
        operation_id="history",
        parameters=[serializers.HistoryQuery],
        responses={200: serializers.History} | errors(400, 401, 404, 429, 503),
    )
    def get(self, request: Request, collection: str, key: str) -> HttpResponse:
        """Every change after a number, for a page that missed some."""
        query = valid(serializers.HistoryQuery(data=request.query_params))
        del query["wait"]  # that is over by now: the event loop parks requests (realtime.readers.polling)
        return json(history_json(get_thread_at(collection, key), query.pop("after"), **query))


class VerifyView(CommentsAPIView):
    @extend_schema(
        operation_id="verify",
        request=serializers.Shown,
        responses={200: serializers.Verified} | errors(400, 401, 403, 404, 413, 503),
    )
    def post(self, request: Request, collection: str, key: str) -> HttpResponse:
        """Whether what a page shows is what the database holds, for a page without a socket."""
        try:
            shown = msgspec.convert(request.data, Shown)
        except msgspec.ValidationError as error:
            raise CommentError(400, "bad_field", f"The question has a wrong field: {error}.") from error
        same = verify(
            thread=get_thread_at(collection, key), shown=shown, address=address_of(request._request)
        )
        return json(wire.encode({"seq": shown.seq, "same": same}))


class StreamView(CommentsAPIView):
    @extend_schema(exclude=True)
    def get(self, request: Request, collection: str, key: str) -> HttpResponse:
        """The address of streams, which `realtime` answers in front of Django where the project has it."""
        raise CommentError(501, "no_stream", "This server has no streams. Use the history.")
