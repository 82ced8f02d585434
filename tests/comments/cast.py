"""The people and articles of these tests: Alice writes, Bob and the guest Gwen read, Mona moderates."""

import json
import uuid
from typing import Any

from django.contrib.auth.models import Permission, User

from blog.models import Article
from comments.authors import Author, author_of_user
from comments.models import Comment, Thread
from comments.queries import get_thread
from comments.services import post_comment

PASSWORD = "a word of hers"  # noqa: S105 - of people who don't exist
GWEN = Author("g" + "0" * 32, "Gwen", "guest")


def make_alice() -> User:
    return User.objects.create_user("alice", password=PASSWORD)


def make_bob() -> User:
    return User.objects.create_user("bob", password=PASSWORD)


def make_mona() -> User:
    """Make Mona, who may see and change comments and threads, and nothing else."""
    mona = User.objects.create_user("mona", password=PASSWORD, is_staff=True)
    rights = ("view_comment", "change_comment", "view_thread", "change_thread")
    mona.user_permissions.set(
        Permission.objects.filter(codename__in=rights, content_type__app_label="comments")
    )
    return User.objects.get(pk=mona.pk)


def make_article(author: User, slug: str = "plums", **fields: Any) -> Article:
    """A published article, unless `fields` say otherwise."""
    return Article.objects.create(
        **{
            "title": slug.title(),
            "slug": slug,
            "author": author,
            "status": "published",
            "body": "Ripe.",
            **fields,
        }
    )


def author(person: User | Author) -> Author:
    found = person if isinstance(person, Author) else author_of_user(person)
    assert found is not None
    return found


def post(person: User | Author, article: Article, content: str = "Hello.", **more: Any) -> Comment:
    """A comment of this person, with a new ref unless one is given."""
    arguments = {"ref": uuid.uuid4(), **more}
    thread = get_thread(article)
    return post_comment(author=author(person), thread=thread, content=content, **arguments).comment


def thread_of(article: Article) -> Thread:
    """The thread as the database has it now."""
    return get_thread(article)


def json_of(value: Any) -> Any:
    """An answer's bytes as a client reads them."""
    return json.loads(value if isinstance(value, bytes) else value.content)
