"""Every committed change is announced, in order, and nothing else is."""

import asyncio
import json
import uuid
from typing import Any, cast

from django.db import transaction
from django.test import TestCase, TransactionTestCase

from comments.models import Thread
from comments.publisher import publisher
from comments.queries import get_thread
from comments.rights import announce_rights_on_commit
from comments.services import delete_comment, hide_comment, post_comment, restore_comment, set_policy
from tests.comments.cast import author, make_alice, make_article, make_bob, post, thread_of
from tests.comments.listening import Listener


class RollBack(Exception):
    """Raised to roll a transaction back."""


class EndingLoop:
    """The loop of a server that ends between the look whether it is closed and the call."""

    def is_closed(self) -> bool:
        return False

    def call_soon_threadsafe(self, *call: Any, **rest: Any) -> Any:
        raise RuntimeError("Event loop is closed")


def closed_loop() -> asyncio.AbstractEventLoop:
    """The loop of a server that has ended: the publisher takes one of its own then."""
    loop = asyncio.new_event_loop()
    loop.close()
    return loop


class Announcing(TransactionTestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())

    def test_every_public_change_is_announced_in_order_with_the_count_it_leads_to(self) -> None:
        with Listener(thread_of(self.article).pk) as listener:
            comment = post(self.bob, self.article)
            hide_comment(comment=comment)
            restore_comment(comment=comment)
            delete_comment(comment=comment)
            set_policy(thread=comment.thread, policy=Thread.Policy.CLOSED)
            frames = [listener.next_frame() for _ in range(5)]

        self.assertEqual(
            [(frame["type"], frame["prev"], frame["seq"], frame["count"]) for frame in frames],
            [
                ("message", 0, 1, 1),
                ("removed", 1, 2, 0),
                ("message", 2, 3, 1),
                ("removed", 3, 4, 0),
                ("thread", 4, 5, 0),
            ],
        )
        self.assertEqual([frames[1]["reason"], frames[3]["reason"]], ["hidden", "deleted"])

    def test_what_can_not_be_announced_is_committed_all_the_same(self) -> None:
        publisher.attach(cast("asyncio.AbstractEventLoop", EndingLoop()))
        self.addCleanup(publisher.attach, closed_loop())
        with self.assertLogs("django.db.backends.base", "ERROR") as log:
            post(self.bob, self.article)
            announce_rights_on_commit(self.bob.pk)
        self.assertEqual(thread_of(self.article).count, 1)
        self.assertEqual([line.count("Event loop is closed") > 0 for line in log.output], [True, True])

    def test_an_announcement_says_whose_comment_it_is_and_which_life_of_the_thread(self) -> None:
        ref = uuid.uuid4()
        with Listener(thread_of(self.article).pk) as listener:
            comment = post(self.bob, self.article, "*Ripe.*", ref=ref)
            announcement = listener.next()

        change, thread = announcement.change, thread_of(self.article)
        self.assertEqual((announcement.thread, announcement.epoch), (thread.pk, thread.epoch))
        self.assertEqual((change.author, change.ref), (f"u{self.bob.pk}", str(ref)))
        frame = json.loads(change.frame)
        self.assertEqual((frame["id"], frame["content"]), (str(comment.pk), "*Ripe.*"))
        self.assertNotIn("ref", frame)  # only its author gets that

    def test_a_rollback_is_never_announced(self) -> None:
        with Listener(thread_of(self.article).pk) as listener:
            try:
                with transaction.atomic():
                    post(self.bob, self.article, "Never.")
                    raise RollBack
            except RollBack:
                post(self.bob, self.article, "Ever.")
            frame = listener.next_frame()

        self.assertEqual((frame["content"], frame["seq"]), ("Ever.", 1))


class OnCommit(TestCase):
    def test_what_changes_nothing_announces_nothing(self) -> None:
        bob = make_bob()
        article = make_article(make_alice())
        ref = uuid.uuid4()
        comment = post(bob, article, ref=ref)
        hide_comment(comment=comment)

        with self.captureOnCommitCallbacks() as callbacks:
            hide_comment(comment=comment)
            delete_comment(comment=comment)  # readers had lost it already
            post_comment(author=author(bob), thread=get_thread(article), content="Hello.", ref=ref)
            set_policy(thread=thread_of(article), policy=Thread.Policy.OPEN)

        self.assertEqual(callbacks, [])

    def test_an_announcement_waits_for_the_commit(self) -> None:
        bob = make_bob()
        article = make_article(make_alice())

        with self.captureOnCommitCallbacks() as callbacks:
            post(bob, article)

        self.assertEqual(len(callbacks), 1)
