"""Makes what an attack and its victims need, in a database that is migrated.

Run inside the site's settings, without limits on rates: `python -m bench.hostile.prepare 40`. Prints a JSON
object: the slugs of an article for all and of one with much below it, and tokens of so many people.
"""

from __future__ import annotations

import json
import sys
import uuid
from typing import Any

import django

CONVERSATIONS = 100  # below the large article
LINE = "A *long* comment with `code`, **weight** and https://example.org/a?b=c in it.\n\n"
LENGTHS = (40, 5, 5)  # lines of a conversation's root and of its replies


def main(people: int) -> None:
    """Fill the database."""
    django.setup()
    from django.contrib.auth.models import User
    from django.db import transaction
    from rest_framework.authtoken.models import Token

    with transaction.atomic():
        users = [User.objects.create(username=f"hostile-{number}") for number in range(people)]
        article, large = (_make_article(title, users[0]) for title in ("Hostile", "Large"))
        _fill(large, users)
        tokens = [Token.objects.create(user=user).key for user in users]
    json.dump({"slug": article.slug, "large": large.slug, "tokens": tokens}, sys.stdout)


def _make_article(title: str, author: Any) -> Any:
    from blog.models import Article

    return Article.objects.create(
        title=title,
        slug=f"{title.lower()}-{uuid.uuid4().hex[:8]}",
        body="To be read. " * 200,
        author=author,
        status=Article.Status.PUBLISHED,
    )


def _fill(article: Any, users: list[Any]) -> None:
    from comments.authors import author_of_user
    from comments.queries import get_thread
    from comments.services import post_comment

    thread = get_thread(article)
    authors = [author_of_user(user) for user in users]
    for number in range(CONVERSATIONS):
        root = None
        for lines in LENGTHS:
            posted = post_comment(
                author=authors[(number + lines) % len(authors)],
                thread=thread,
                content=LINE * lines,
                ref=uuid.uuid4(),
                parent=root,
            )
            root = root or posted.comment.pk


if __name__ == "__main__":
    main(int(sys.argv[1]))
