"""A name or a title that is written from right to left turns none of the words around it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from blog.templatetags.site import isolated
from tests.blog.cast import make_article
from tests.comments.cast import PASSWORD

pytestmark = pytest.mark.django_db
HEBREW = "\u05e9\u05dc\u05d5\u05dd"
ISOLATED = f"\u2068{HEBREW}\u2069"


@pytest.fixture
def client() -> Client:
    author = User.objects.create_user(HEBREW, password=PASSWORD, first_name=HEBREW)
    make_article(author, HEBREW, slug="plums", summary=HEBREW, tags=(HEBREW,))
    client = Client()
    client.force_login(author)
    return client


def test_on_the_page_of_an_article(client: Client) -> None:
    page = client.get("/articles/plums/").text
    assert f"<title>{ISOLATED} · " in page
    for element in (
        "<h1",
        '<p class="standfirst"',
        '<span class="byline-author"',
        '<li class="masthead-user"',
    ):
        assert f'{element} dir="auto"' in page
    assert f'title="Logged in as {ISOLATED}"' in page


def test_in_a_list(client: Client) -> None:
    page = client.get("/").text
    assert f'<h2 class="entry-title" dir="auto"><a href="/articles/plums/">{HEBREW}</a>' in page
    assert f'dir="auto">{HEBREW}</a></p>' in page


def test_where_a_comment_was_refused(client: Client) -> None:
    page = client.post("/articles/plums/comments/", {"content": "", "ref": "x"}).text
    assert f"· {ISOLATED}</title>" in page
    assert f"Back to “<bdi>{HEBREW}</bdi>”" in page


def test_plain_letters_are_left_alone() -> None:
    assert isolated("Plums & Pears") == "Plums & Pears"
