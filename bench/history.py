"""Times the history of 100 changes, and counts its queries, through Django's test client in this process.

Run by the bench inside the site's settings, on the same database: `python -m bench.history`. Prints JSON.
"""

import json
import statistics
import sys
import time
from uuid import uuid4

import django

SLUG = "history"
CHANGES = 100
REPEATS = 40
WARM_UP = 3


def main() -> None:
    """Write the changes, then ask for them, with and without what the cache keeps."""
    django.setup()
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    _write_changes()
    client = Client(headers={"host": "127.0.0.1"})

    def ask() -> float:
        began = time.perf_counter()
        answer = client.get(f"/api/articles/{SLUG}/history/", {"after": 0})
        took = time.perf_counter() - began
        assert answer.status_code == 200, answer.content  # noqa: S101 - a bench of refusals would be none
        assert len(answer.json()["changes"]) == CHANGES  # noqa: S101
        return took

    def measure(*, cached: bool) -> dict[str, float]:
        times = []
        queries = 0
        for turn in range(WARM_UP + REPEATS):
            if not cached:
                cache.clear()
            if turn < REPEATS:
                times.append(ask())
            else:  # last, and not timed: recording the queries takes time
                with CaptureQueriesContext(connection) as asked:
                    ask()
                queries = max(queries, len(asked))
        return {"queries": queries, "ms": 1000 * statistics.median(times[WARM_UP:])}

    json.dump({"first": measure(cached=False), "again": measure(cached=True)}, sys.stdout)


def _write_changes() -> None:
    from django.contrib.auth.models import User

    from bench.texts import make_text
    from blog.models import Article
    from comments.authors import author_of_user
    from comments.queries import get_thread
    from comments.services import post_comment

    article = Article.objects.get(slug=SLUG)
    author = author_of_user(User.objects.order_by("pk")[0])
    for _ in range(CHANGES):
        post_comment(author=author, thread=get_thread(article), content=make_text(), ref=uuid4())


if __name__ == "__main__":
    main()
