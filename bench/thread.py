"""Fills an article with conversations, and counts what its page asks of the database and says in HTML.

Run by the bench inside the site's settings: `python -m bench.thread fill 10000` writes the comments, and
`python -m bench.thread ask` prints what each order of the page costs as JSON.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django
from django.utils import timezone

SLUG, EMPTY = "page", "empty"
SEED = 10_000
ANSWERS = 0.7  # share of the comments that answer another one
RECENT = 400  # comments from which that one is drawn
LOVED = 0.1  # share of the answers that go to one early comment, whose conversation is long
REPEATS = 9
BODY = "A paragraph of the article, as long as most are, with a little *emphasis* in it.\n\n" * 20
SENTENCE = "It has a few words to read. "
ADDRESSES = {  # of the page, and of what it asks for later
    "newest": f"/articles/{SLUG}/",
    "oldest": f"/articles/{SLUG}/?sort=oldest",
    "top": f"/articles/{SLUG}/?sort=top",
    "an old comment's link": f"/articles/{SLUG}/?comment={{middle}}",
    "no comments": f"/articles/{EMPTY}/",
}


def fill(count: int) -> None:
    """Write the comments of eight people: seven of ten answer another, and many of those the same one.

    They are written as rows, with the numbers that the services would give them: so many calls would take
    minutes, and what is measured is reading.
    """
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection

    from blog.models import Article
    from comments.models import Comment
    from comments.queries import get_thread

    call_command("collectstatic", interactive=False, verbosity=0)  # as `make serve` does
    people = list(User.objects.order_by("pk")[:8])
    for slug in (SLUG, EMPTY):
        Article.objects.create(
            title=slug.title(), slug=slug, body=BODY, author=people[0], status=Article.Status.PUBLISHED
        )
    thread = get_thread(Article.objects.get(slug=SLUG))
    first = 1 + max(Comment.objects.values_list("pk", flat=True), default=0)
    Comment.objects.bulk_create(_rows(thread.pk, people, draw_parents(count), first), batch_size=500)
    type(thread).objects.filter(pk=thread.pk).update(head_seq=count, count=count)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Comment]):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # as it does by itself after a while; SQLite does not


def draw_parents(count: int) -> list[int | None]:
    """The number of the comment that each comment answers; None for one that begins a conversation."""
    draw = random.Random(SEED)  # noqa: S311 - the same thread each time
    parents: list[int | None] = [None] * min(count, 4)
    for number in range(len(parents), count):
        answers = draw.random() < ANSWERS
        loved = 3 if draw.random() < LOVED else draw.randrange(max(0, number - RECENT), number)
        parents.append(loved if answers else None)
    return parents


def _rows(thread: int, people: list[Any], parents: list[int | None], first: int) -> Iterator[Any]:
    """The comments, the oldest first. first: the id of the oldest."""
    from comments.authors import author_of_user
    from comments.models import Comment
    from comments.rendering import render_content

    authors = [author for user in people if (author := author_of_user(user))]
    texts = [SENTENCE * (1 + length) for length in range(9)]
    rendered = [render_content(text) for text in texts]
    roots: list[int] = []  # the number of each comment's root
    for number, parent in enumerate(parents):
        roots.append(number if parent is None else roots[parent])
    replies, below = Counter(parents), Counter(roots)
    begun = timezone.now() - timedelta(seconds=len(parents))
    for number, parent in enumerate(parents):
        author = authors[number % len(authors)]
        yield Comment(
            pk=first + number,
            thread_id=thread,
            parent_id=None if parent is None else first + parent,
            root_id=None if parent is None else first + roots[number],
            author_id=author.user_id,
            author_key=author.key,
            author_name=author.name,
            role=Comment.Role.MEMBER,
            ref=uuid4(),
            content=texts[number % len(texts)],
            html=rendered[number % len(texts)],
            seq=1 + number,
            reply_count=replies[number],
            conversation_count=below[number] - 1 if parent is None else 0,
            created_at=begun + timedelta(seconds=number),
        )


def ask() -> dict[str, dict[str, Any]]:
    """What each page costs: its queries, its median time in ms, and the bytes of its HTML."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from blog.models import Article
    from comments.models import Comment
    from comments.queries import get_thread

    thread = get_thread(Article.objects.get(slug=SLUG))
    middle = (
        Comment.objects.filter(thread=thread).order_by("pk").values_list("pk", flat=True)[thread.count // 2]
    )
    client = Client(headers={"host": "127.0.0.1"})
    found: dict[str, dict[str, Any]] = {}
    for name, address in ADDRESSES.items():
        times = []
        for _ in range(REPEATS):
            began = time.perf_counter()
            client.get(address.format(middle=middle))
            times.append(1000 * (time.perf_counter() - began))
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address.format(middle=middle))
        html = answer.content
        found[name] = {
            "queries": len(asked),
            "ms": statistics.median(times[2:]),
            "bytes": len(html),
            "comments": html.count(b'<article class="comment') - html.count(b'id="comment-0"'),
        }
    return found


def main(what: str, count: int = 0) -> None:
    django.setup()
    if what == "fill":
        fill(count)
    json.dump(ask() if what == "ask" else None, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
