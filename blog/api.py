"""Articles for programs: `/api/articles/`. Their comments are below the same addresses, and not ours."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from blog.live import numbers_of_articles
from blog.models import Article

FAILURES = dict.fromkeys((401, 403, 404, 503), OpenApiResponse(description="An error, with its reason."))


class ArticleSummary(serializers.ModelSerializer[Article]):
    author = serializers.CharField(source="byline")
    url = serializers.CharField(source="get_absolute_url")
    comment_count = serializers.SerializerMethodField()
    readers = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields: tuple[str, ...] = (
            "slug",
            "title",
            "summary",
            "author",
            "published_at",
            "url",
            "comment_count",
            "readers",
        )

    def get_comment_count(self, article: Article) -> int:
        return self.context["numbers"][article.pk].comments

    def get_readers(self, article: Article) -> int:
        return self.context["numbers"][article.pk].readers


class ArticleDetail(ArticleSummary):
    class Meta(ArticleSummary.Meta):
        fields = (*ArticleSummary.Meta.fields, "body_html")


class ArticlePages(PageNumberPagination):
    page_size = 20


class ArticleListView(generics.ListAPIView[Article]):
    serializer_class = ArticleSummary
    pagination_class = ArticlePages

    def get_queryset(self) -> Any:
        return Article.objects.published().select_related("author").order_by("-published_at", "-id")

    @extend_schema(operation_id="articles", responses={200: ArticleSummary(many=True)} | FAILURES)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Published articles, newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        summaries = ArticleSummary(page, many=True, context=context_of(page))
        return self.get_paginated_response(summaries.data)


class ArticleView(APIView):
    @extend_schema(operation_id="article", responses={200: ArticleDetail} | FAILURES)
    def get(self, request: Request, slug: str) -> Response:
        """One published article, by its slug or by one that it had. The answer says the present one."""
        article = Article.objects.published().select_related("author").defer("body").at(slug)
        if article is None:
            raise Http404
        return Response(ArticleDetail(article, context=context_of([article])).data)


def context_of(articles: Sequence[Article]) -> dict[str, Any]:
    """The serializers' context for these articles: the numbers beside them."""
    return {"numbers": numbers_of_articles(articles)}
