"""A text that was hidden or deleted is in no answer to anybody who must not see it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from comments.models import Comment
from comments.services import delete_comment, edit_comment, hide_comment, restore_comment
from tests.comments.cast import make_alice, make_article, make_bob, make_mona, post

pytestmark = pytest.mark.django_db

SECRET, NAME = "what-nobody-may-read", "Wilhelmina Unsaid"
ADDRESSES = (
    "/",
    "/articles/plums/",
    "/articles/plums/?comments=junk",
    "/articles/plums/?sort=top&comment={gone}",
    "/articles/plums/?comment={reply}&reply={gone}",
    "/articles/plums/?replies={gone}",
    "/articles/plums/comments/{gone}/",
    "/api/articles/plums/comments/?around={reply}",
    "/api/articles/plums/comments/?around={gone}",
    "/feed/",
    "/sitemap.xml",
    "/api/articles/",
    "/api/articles/plums/",
    "/api/articles/plums/comments/",
    "/api/articles/plums/comments/?sort=oldest",
    "/api/articles/plums/comments/?sort=top&limit=1",
    "/api/articles/plums/comments/{gone}/",
    "/api/articles/plums/comments/{gone}/replies/",
    "/api/articles/plums/comments/{reply}/replies/?limit=1",
    "/api/articles/plums/history/?after=0",
    "/api/articles/plums/history/?after=1",
    "/api/articles/plums/history/?after=2&limit=1",
    "/admin/comments/comment/",
    f"/admin/comments/comment/?q={SECRET}",
)


def shows(client: Client, address: str) -> bool:
    """Whether the answer holds the text or its author's name, not counting the echo of a search term."""
    answer = client.get(address, follow=True)
    assert answer.status_code in (200, 403, 404)
    body = answer.content.decode().replace(f"q%3D{SECRET}", "").replace(f"q={SECRET}", "")
    return SECRET in body or NAME in body


@pytest.fixture(params=[hide_comment, delete_comment], ids=["hidden", "deleted"])
def gone(request: pytest.FixtureRequest) -> Comment:
    """A removed comment with a visible reply."""
    wilhelmina = User.objects.create_user("wilhelmina", first_name="Wilhelmina", last_name="Unsaid")
    article = make_article(make_alice())
    comment = post(wilhelmina, article, f"*{SECRET}*")
    post(make_bob(), article, "A reply.", parent=comment.pk)
    take_away: Callable[..., Comment] = request.param
    return take_away(comment=comment)


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_is_nowhere(address: str, gone: Comment) -> None:
    address = address.format(gone=gone.pk, reply=gone.replies.get().pk)
    bob = User.objects.get(username="bob")
    clerk = User.objects.create_user("clerk", is_staff=True)  # staff, who may see articles and no comments
    clerk.user_permissions.add(Permission.objects.get(codename="view_article"))

    for reader in (None, bob, clerk):
        client = Client()
        if reader is not None:
            client.force_login(reader)
        assert not shows(client, address)


def test_a_moderator_reads_it_in_the_admin(gone: Comment) -> None:
    client = Client()
    client.force_login(make_mona())

    assert shows(client, "/admin/comments/comment/")
    assert shows(client, f"/admin/comments/comment/{gone.pk}/change/")


def test_no_cache_shows_it_to_somebody_who_asked_before_it_was_removed(gone: Comment) -> None:
    client, address = Client(), "/api/articles/plums/history/?after=0"
    restore_comment(comment=gone)
    assert shows(client, address)
    assert shows(client, address)

    hide_comment(comment=gone)

    assert not shows(client, address)


def test_a_text_that_an_edit_replaced_is_nowhere() -> None:
    article = make_article(make_alice())
    comment = post(make_bob(), article, f"*{SECRET}*")
    edit_comment(comment=comment, content="Tamed.")
    former = f"/api/articles/plums/comments/{comment.pk}/revisions/"

    for address in (*ADDRESSES, f"/api/articles/plums/comments/{comment.pk}/"):
        assert not shows(Client(), address)
    assert SECRET not in Client().get(former).content.decode()
    mona = Client()
    mona.force_login(make_mona())
    assert shows(mona, former)
    assert shows(mona, f"/admin/comments/comment/{comment.pk}/change/")


@pytest.mark.parametrize("page", ["edit", "delete", "restore", "react"])
def test_no_page_about_it_shows_it(gone: Comment, page: str) -> None:
    address = f"/articles/plums/comments/{gone.pk}/{page}/"
    for reader in (None, User.objects.get(username="bob"), gone.author):
        client = Client()
        if reader is not None:
            client.force_login(reader)
        answer = client.get(address)
        assert answer.status_code == 404
        assert SECRET not in answer.content.decode()


def test_a_retry_of_it_gives_its_author_no_text(gone: Comment) -> None:
    author = gone.author
    assert author is not None
    client = Client()
    client.force_login(author)
    body = {"content": gone.content, "ref": str(gone.ref)}

    answer = client.post("/api/articles/plums/comments/", body, "application/json")

    assert answer.status_code == 200
    assert answer.json()["status"] == "removed"
    assert SECRET not in answer.content.decode()


def test_a_removed_comment_without_replies_leaves_no_tombstone(gone: Comment) -> None:
    client, address = Client(), "/api/articles/plums/comments/?sort=oldest"
    [root] = client.get(address).json()["results"]
    assert (root["status"], [c["status"] for c in root["replies"]["results"]]) == ("removed", ["visible"])

    hide_comment(comment=gone.replies.get())

    assert client.get(address).json()["results"] == []


def test_a_tombstone_tells_where_it_stands_and_no_more(gone: Comment) -> None:
    tombstone = Client().get("/api/articles/plums/comments/?sort=oldest").json()["results"][0]

    replies = tombstone.pop("replies")
    assert [c["content"] for c in replies["results"]] == ["A reply."]
    assert {name: value for name, value in tombstone.items() if value} == {
        "id": str(gone.pk),
        "status": "removed",
        "reply_count": 1,
        "timestamp": tombstone["timestamp"],
        "version": 1,
    }
