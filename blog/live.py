"""Articles as a subject of comments. No other module of the blog knows of comments."""

from collections.abc import Sequence

from blog.models import Article, ArticleQuerySet
from comments.queries import Numbers, numbers_of
from comments.revised import announce_revision
from comments.subjects import Subject, register


@register
class ArticleSubject(Subject):
    model = Article
    collection = "articles"
    key_field = "slug"
    search_fields = ("title", "slug")

    def all(self) -> ArticleQuerySet:
        return Article.objects.defer("body", "body_html")

    def public(self) -> ArticleQuerySet:
        return self.all().published()

    def find(self, key: str) -> Article | None:
        return self.public().at(key)

    def revision(self, target: Article) -> int:
        return target.revision

    def author_id(self, target: Article) -> int:
        return target.author_id


def tell_of_revision(article: Article) -> None:
    """Tell the pages that show the article of its new text or address, once that is committed."""
    announce_revision(article)


def numbers_of_articles(articles: Sequence[Article]) -> dict[int, Numbers]:
    """How many comments and readers each article has, by its id."""
    return numbers_of(articles)
