"""The HTTP API. A view reads the request, calls one service or query, and answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404
from django.views.decorators.debug import sensitive_variables
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import exceptions, generics
from rest_framework.authtoken import models as tokens
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from blog.models import Article
from comments import wire
from comments.api import serializers
from comments.authors import Author, author_of_user, guest_from_cookies, name_guest, set_guest_cookie
from comments.errors import CommentError
from comments.logins import check_password
from comments.queries import comment_counts, get_article, get_thread_of, history_json, snapshot
from comments.rates import NAMES_PER_ADDRESS, check_rate, network_of
from comments.readers import count_readers
from comments.services import post_comment

FAILS = OpenApiResponse(serializers.ErrorBody, description="An error, with the reason as a slug.")


def errors(*codes: int) -> dict[int, Any]:
    """The error answers of a call, for the schema."""
    return dict.fromkeys(codes, FAILS)


def valid(serializer: Serializer[Any]) -> dict[str, Any]:
    """The checked fields. Raises DRF's ValidationError, answered as 400 bad_field."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def json(body: bytes, **headers: str) -> HttpResponse:
    """An answer that is JSON already, and belongs to the moment it was made in."""
    return HttpResponse(
        body, content_type="application/json", headers={"Cache-Control": "no-store", **headers}
    )


def author_of(request: Request) -> Author | None:
    """Who is asking: a token's or session's user, else the guest of the cookie.

    DRF checks CSRF for session users only; a guest's cookie is worth as much, so it is checked here.
    """
    author = author_of_user(request.user)
    if author is None and (author := guest_from_cookies(request.COOKIES)) is not None:
        check_csrf(request)
    return author


def check_csrf(request: Request) -> None:
    """Raise PermissionDenied, answered as 403 forbidden, for a request that another site may have forged."""
    middleware = CsrfViewMiddleware(lambda request: HttpResponse())
    django_request = request._request
    django_request.csrf_processing_done = False  # type: ignore[attr-defined]
    django_request._dont_enforce_csrf_checks = False  # type: ignore[attr-defined]
    middleware.process_request(django_request)
    if middleware.process_view(django_request, None, (), {}) is not None:  # type: ignore[arg-type]
        raise exceptions.PermissionDenied("The CSRF token is missing or wrong.")


def check_still(author: Author | None, expected: str | None) -> None:
    """Raise CommentError 401 login_required if it is not who the client takes its user for.

    A page that was opened by one person may be looked at after another logged in, in another tab.
    """
    if expected is not None and (author is None or author.key != expected):
        raise CommentError(401, "login_required", "You have been logged out.")


def client_address(request: Request) -> str:
    """The peer's address; only trusted proxies may have changed it (config.asgi)."""
    return str(request.META.get("REMOTE_ADDR") or "unknown")


def numbers_of(articles: Sequence[Article]) -> dict[str, dict[int, int]]:
    """What serializers of articles need besides: a query for comments, a look into the cache for readers."""
    return {
        "counts": comment_counts(articles),
        "readers": count_readers(article.pk for article in articles),
    }


class TokenView(APIView):
    authentication_classes = ()

    @extend_schema(
        operation_id="token",
        request=serializers.Credentials,
        responses={200: serializers.Token} | errors(400, 401, 413, 429, 503),
    )
    @sensitive_variables("fields")
    def post(self, request: Request) -> Response:
        """A token for scripts, by user name and password."""
        fields = valid(serializers.Credentials(data=request.data))
        user = check_password(request._request, **fields)
        if user is None:
            raise CommentError(401, "bad_credentials", "User name and password don't match.")
        token, _ = tokens.Token.objects.get_or_create(user=user)
        return Response({"token": token.key})


class GuestView(APIView):
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
        check_rate("name", network_of(client_address(request)), NAMES_PER_ADDRESS)
        guest = name_guest(name, previous=guest_from_cookies(request.COOKIES))
        response = Response({"id": guest.key, "name": guest.name, "role": guest.role})
        set_guest_cookie(response, guest)
        return response


class MeView(APIView):
    @extend_schema(operation_id="me", responses={200: serializers.Me} | errors(401, 403))
    def get(self, request: Request) -> HttpResponse:
        """Who the credentials belong to; null where they are nobody's."""
        author = author_of(request)
        user = None if author is None else {"id": author.key, "name": author.name, "role": author.role}
        return json(wire.encode({"user": user}))


class ArticlePages(PageNumberPagination):
    page_size = 20


class ArticleListView(generics.ListAPIView[Article]):
    serializer_class = serializers.ArticleSummary
    pagination_class = ArticlePages

    def get_queryset(self) -> Any:
        return Article.objects.published().select_related("author").order_by("-published_at", "-id")

    @extend_schema(
        operation_id="articles",
        responses={200: serializers.ArticleSummary(many=True)} | errors(401, 404, 503),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Published articles, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        context = numbers_of(page or [])
        return self.get_paginated_response(serializers.ArticleSummary(page, many=True, context=context).data)


class ArticleView(APIView):
    @extend_schema(operation_id="article", responses={200: serializers.ArticleDetail} | errors(401, 404, 503))
    def get(self, request: Request, slug: str) -> Response:
        """One published article."""
        published = Article.objects.published().select_related("author").defer("body")
        article = get_object_or_404(published, slug=slug)
        return Response(serializers.ArticleDetail(article, context=numbers_of([article])).data)


class CommentsView(APIView):
    @extend_schema(
        operation_id="comments",
        parameters=[serializers.SnapshotQuery],
        responses={200: serializers.Snapshot} | errors(400, 401, 404, 503),
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """A page of the article's comments as they are now."""
        query = valid(serializers.SnapshotQuery(data=request.query_params))
        return json(wire.encode(snapshot(get_thread_of(slug), **query)))

    @extend_schema(
        operation_id="post_comment",
        request=serializers.NewComment,
        responses={200: serializers.Comment, 201: serializers.Comment}
        | errors(400, 401, 403, 404, 409, 413, 422, 429, 503),
    )
    def post(self, request: Request, slug: str) -> HttpResponse:
        """Write a comment. 201 for a new one, 200 where this ref was posted before."""
        author = author_of(request)
        fields = valid(serializers.NewComment(data=request.data))
        check_still(author, fields.pop("author"))
        posted = post_comment(
            author=author, article=get_article(slug), address=client_address(request), **fields
        )
        response = json(wire.encode(wire.as_comment(posted.comment)))
        response.status_code = 200 if posted.duplicate else 201
        return response


class HistoryView(APIView):
    @extend_schema(
        operation_id="history",
        parameters=[serializers.HistoryQuery],
        responses={200: serializers.History} | errors(400, 401, 404, 429, 503),
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """Every change after a number, for a page that missed some."""
        query = valid(serializers.HistoryQuery(data=request.query_params))
        del query["wait"]  # that is over by now: the event loop parks requests (realtime.readers.polling)
        return json(history_json(get_thread_of(slug), query.pop("after"), **query))


@extend_schema(exclude=True)
class NoSuchCall(APIView):
    """Every other address below /api/: programs are answered in JSON, whatever they ask."""

    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise exceptions.NotFound
