"""Many write at once: no number is skipped or given twice, and no reader misses a change."""

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, connections, transaction

from blog.models import Article
from comments.authors import Author
from comments.errors import CommentError
from comments.models import Comment
from comments.queries import get_thread, history
from comments.services import Posted, hide_comment, post_comment, restore_comment
from tests.comments.cast import GWEN, author, make_alice, make_article, make_bob, post, thread_of
from tests.comments.threads import PATIENCE, all_at_once, closing

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, POSTS = 8, 25


@pytest.fixture(autouse=True)
def patient_sqlite() -> Iterator[None]:
    """SQLite keeps no queue of writers: one may be unlucky for as long as others write without a pause.

    The site gives such a writer up as busy, after a time that a slow machine makes short.
    """
    if connection.vendor != "sqlite":
        yield
        return
    options = connections.settings["default"]["OPTIONS"]  # of the connections that the threads will open
    before = options["timeout"]
    options["timeout"] = PATIENCE
    yield
    options["timeout"] = before


@pytest.fixture
def article() -> Article:
    article = make_article(make_alice())
    thread_of(article)
    return article


def guests(number: int) -> list[Author]:
    return [Author(f"g{n:032}", f"Guest {n}", "guest") for n in range(number)]


def read_on(article: Article, seen: list[int]) -> None:
    """Ask the history for new changes, and note their numbers."""
    page = history(thread_of(article).pk, seen[-1] if seen else 0)
    seen += [change.seq for change in page.changes]
    assert not seen or page.has_more or page.seq == seen[-1]


def test_two_hundred_posts_at_once_are_numbered_without_a_hole(article: Article) -> None:
    finished = threading.Event()
    seen: list[int] = []

    def write(guest: Author) -> None:
        for n in range(POSTS):
            post(guest, article, f"Number {n}.")

    def read() -> None:
        # A reader without a pause would take the interpreter's lock from writers that hold the database's.
        while not finished.wait(0.005):
            read_on(article, seen)
        read_on(article, seen)

    with ThreadPoolExecutor(1) as reader:
        reading = reader.submit(closing(read))
        try:
            all_at_once([partial(write, guest) for guest in guests(WRITERS)])
        finally:
            finished.set()
        reading.result(PATIENCE)

    numbers = list(range(1, WRITERS * POSTS + 1))
    thread = thread_of(article)
    assert list(thread.comments.order_by("seq").values_list("seq", flat=True)) == numbers
    assert seen == numbers
    assert (thread.head_seq, thread.count) == (len(numbers), len(numbers))


def test_a_slow_transaction_is_never_overtaken(article: Article) -> None:
    bob = author(make_bob())
    wrote, may_commit = threading.Event(), threading.Event()
    seen: list[int] = []

    def slow() -> int:
        with transaction.atomic():
            comment = post(bob, article, "Slow.")
            wrote.set()
            assert may_commit.wait(PATIENCE)
        return comment.seq

    def quick() -> int:
        assert wrote.wait(PATIENCE)
        return post(GWEN, article, "Quick.").seq

    def read() -> None:
        assert wrote.wait(PATIENCE)
        for _ in range(20):
            read_on(article, seen)
        assert seen == []  # the quick one is not committed before the slow one, so it is not seen either
        may_commit.set()

    numbers = all_at_once([slow, quick, read])
    read_on(article, seen)

    assert numbers[:2] == [1, 2]
    assert seen == [1, 2]


def test_the_same_ref_eight_times_at_once_is_one_comment(article: Article) -> None:
    ref, start = uuid.uuid4(), threading.Barrier(WRITERS)

    def write() -> Posted:
        start.wait(PATIENCE)
        return post_comment(author=GWEN, thread=get_thread(article), content="Once.", ref=ref)

    posted = all_at_once([write] * WRITERS)

    assert Comment.objects.count() == 1
    assert len({answer.comment.pk for answer in posted}) == 1
    assert Counter(answer.duplicate for answer in posted) == {False: 1, True: WRITERS - 1}
    assert (thread_of(article).head_seq, thread_of(article).count) == (1, 1)


def test_the_first_readers_at_once_make_one_thread() -> None:
    article, start = make_article(make_alice()), threading.Barrier(WRITERS)

    def look() -> str:
        start.wait(PATIENCE)
        return thread_of(article).epoch

    assert len(set(all_at_once([look] * WRITERS))) == 1


def test_moderators_and_people_who_reply_do_not_lock_each_other_out(article: Article) -> None:
    parents = [post(GWEN, article, f"Parent {n}.") for n in range(2)]
    replies = [post(GWEN, article, "Reply.", parent=parent.pk) for parent in parents]

    def moderate(comments: list[Comment]) -> int:
        for _ in range(10):
            for comment in comments:
                hide_comment(comment=comment)
            for comment in comments:
                restore_comment(comment=comment)
        return 0

    def reply(guest: Author) -> int:
        written = 0
        for n in range(20):
            # A parent may be hidden at that moment, which is a proper refusal.
            written += _try_to_reply(guest, article, parents[n % 2])
        return written

    moderators = [
        partial(moderate, [*parents, *replies]),
        partial(moderate, [*replies[::-1], *parents[::-1]]),
    ]
    written = sum(all_at_once([*moderators, *(partial(reply, guest) for guest in guests(3))]))

    thread = thread_of(article)
    assert thread.count == Comment.objects.filter(status="visible").count() == 4 + written
    for parent in parents:
        parent.refresh_from_db()
        assert parent.reply_count == parent.replies.filter(status="visible").count()
    numbers = Comment.objects.values_list("seq", flat=True)
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) == thread.head_seq


def _try_to_reply(guest: Author, article: Article, parent: Comment) -> bool:
    try:
        post(guest, article, "Reply.", parent=parent.pk)
    except CommentError as error:
        assert error.reason == "bad_parent"
        return False
    return True
