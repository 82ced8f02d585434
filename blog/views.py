"""The pages that readers see."""

from collections.abc import Callable
from functools import wraps

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from blog import site
from blog.live import numbers_of_articles
from blog.models import Article, Tag

PER_PAGE = 10

View = Callable[..., HttpResponse]


def keeps_members_private(view: View) -> View:
    """Keep a page that greets somebody by name out of every cache, also out of the one for the way back.

    Whoever comes back to it after a logout must not see the name.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapper


@require_safe
@gzip_page
@keeps_members_private
def index(request: HttpRequest) -> HttpResponse:
    page = _get_page(request, Article.objects.published().for_list())
    return render(request, "blog/index.html", {"page": page})


@require_safe
@gzip_page
@keeps_members_private
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Tag, slug=slug)
    page = _get_page(request, Article.objects.published().filter(tags=found).for_list())
    if not page.object_list:
        raise Http404  # all articles of the tag are drafts: its name is not public yet
    return render(request, "blog/tag.html", {"tag": found, "page": page})


@require_safe
@gzip_page  # its form's CSRF token is another one in each answer, so that its length tells nothing
@keeps_members_private
@cache_control(private=True, no_cache=True)  # its form holds this reader's CSRF token, perhaps a guest's name
def article(request: HttpRequest, slug: str) -> HttpResponse:
    articles = Article.objects.visible_to(request.user).select_related("author").prefetch_related("tags")
    found = articles.at(slug)
    if found is None:
        raise Http404
    if found.slug != slug:
        # The redirect is permanent, but no browser may remember it (`no_store`): an article can take a former
        # address back, and a remembered redirect would then lead in circles.
        query = request.META.get("QUERY_STRING", "")
        moved = redirect(found.get_absolute_url() + (f"?{query}" if query else ""), permanent=True)
        patch_cache_control(moved, private=True, no_store=True)
        return moved
    return render(request, "blog/article.html", {"article": found})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    context = {"sitemap": site.absolute(reverse("blog:sitemap"))}
    return render(request, "blog/robots.txt", context, content_type="text/plain; charset=utf-8")


def _get_page(request: HttpRequest, articles: QuerySet[Article]) -> Page:
    """Return the page that `?page=` asks for; the first one for a wrong number, the last for one too high.

    Its articles know their `comment_count`, which one query reads for all of them.
    """
    page = Paginator(articles, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    numbers = numbers_of_articles(page.object_list)
    for article in page.object_list:
        article.comment_count = numbers[article.pk].comments
    return page
