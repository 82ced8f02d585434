"""Every comment knows its conversation and how many replies are visible, whatever happens to the thread."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis.extra.django import TestCase

from comments.models import Comment
from comments.services import hide_comment, restore_comment
from tests.comments.cast import GWEN, make_alice, make_article, post, thread_of
from tests.comments.listening import announced_by
from tests.comments.trees import STEPS, Step, Tree, grow, is_visible


class ReplyCounts(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(steps=STEPS)
    def test_they_equal_a_recount(self, steps: list[Step]) -> None:
        article = make_article(make_alice())
        grow(article, steps)
        tree = Tree()

        for comment in tree.comments.values():
            root = tree.root_of(comment)
            self.assertEqual(comment.root_id, None if root is comment else root.pk)
            self.assertEqual(comment.reply_count, sum(map(is_visible, tree.replies_to(comment))))
            below = sum(map(is_visible, tree.below(comment))) if root is comment else 0
            self.assertEqual(comment.conversation_count, below)
        standing = {comment.pk for comment in tree.comments.values() if tree.stands(comment)}
        self.assertEqual(set(Comment.objects.standing().values_list("pk", flat=True)), standing)
        self.assertEqual(thread_of(article).count, sum(map(is_visible, tree.comments.values())))


class Chains(TestCase):
    """Four comments, each an answer to the one before."""

    def setUp(self) -> None:
        self.article = make_article(make_alice())
        self.chain: list[Comment] = []
        for _ in range(4):
            parent = self.chain[-1].pk if self.chain else None
            self.chain.append(post(GWEN, self.article, parent=parent))

    def standing(self) -> list[int]:
        """The places in the chain of what a page shows."""
        pks = [comment.pk for comment in self.chain]
        return [
            pks.index(pk) for pk in Comment.objects.standing().order_by("pk").values_list("pk", flat=True)
        ]

    def announced(self, number: int) -> list[tuple[str, int]]:
        """What restoring a comment of the chain announces: the kinds of frames, and whom they are about."""
        pks = [comment.pk for comment in self.chain]
        with self.captureOnCommitCallbacks() as callbacks:
            restore_comment(comment=self.chain[number])
        frames = [json.loads(announced_by(callback).change.frame) for callback in callbacks]
        return [(frame["type"], pks.index(int(frame["id"]))) for frame in frames]

    def test_a_removed_root_stands_while_anything_in_its_conversation_is_visible(self) -> None:
        for number in (0, 1, 2):
            hide_comment(comment=self.chain[number])
        self.assertEqual(self.standing(), [0, 2, 3])  # nothing visible answers the second one

        hide_comment(comment=self.chain[3])
        self.assertEqual(self.standing(), [])

    def test_what_stands_again_is_announced_with_what_is_restored(self) -> None:
        for comment in self.chain:
            hide_comment(comment=comment)

        self.assertEqual(self.announced(3), [("removed", 0), ("removed", 2), ("message", 3)])
        self.assertEqual(self.announced(1), [("message", 1)])
        self.assertEqual(self.announced(2), [("message", 2)])
        self.assertEqual(self.announced(0), [("message", 0)])
        self.assertEqual(self.standing(), [0, 1, 2, 3])

    def test_a_root_that_is_its_childs_only_tombstone_is_announced_once(self) -> None:
        for comment in self.chain:
            hide_comment(comment=comment)

        self.assertEqual(self.announced(1), [("removed", 0), ("message", 1)])
