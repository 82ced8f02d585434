"""Where comments stand: the server and the page's script agree, for any tree and any cut."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from hypothesis.extra.django import TestCase

from comments.arranging import Item, arrange
from comments.queries import snapshot
from tests.comments.cast import make_alice, make_article, thread_of
from tests.comments.test_any_delivery import PageStore
from tests.comments.trees import STEPS, Step, Tree, grow

if TYPE_CHECKING:
    from tests.services.javascript import JavaScript

DEEPEST = 3


def picture(item: Item) -> Any:
    to = item.to.id if item.to else None
    return item.comment.id, to, item.orphan, [picture(reply) for reply in item.replies]


def page_picture(item: Any) -> Any:
    replies, after = item["below"]
    assert not after
    return item["face"]["id"], item["to"], item["orphan"], [page_picture(reply) for reply in replies]


def ids_of(item: Item) -> list[str]:
    return [item.comment.id, *(id_ for reply in item.replies for id_ in ids_of(reply))]


def depth_of(item: Item) -> int:
    return 1 + max(map(depth_of, item.replies), default=0)


class Arranging(TestCase):
    @pytest.fixture(autouse=True)
    def _take_javascript(self, javascript: JavaScript) -> None:
        self.javascript = javascript

    @settings(max_examples=40, deadline=None)
    @given(steps=STEPS, limit=st.integers(1, 9))
    def test_server_and_page_arrange_alike(self, steps: list[Step], limit: int) -> None:
        article = make_article(make_alice())
        grow(article, steps)
        page, tree = snapshot(thread_of(article), limit=limit), Tree()
        items = arrange(page.results)

        store = PageStore(self.javascript, "newest")
        store.begin(article, limit)
        self.assertEqual([picture(item) for item in items], [page_picture(i) for i in store.shown()["list"]])
        for root, item in zip(page.results, items, strict=True):
            shown = [root.id, *(reply.id for reply in root.replies.results)]
            self.assertEqual(sorted(ids_of(item), key=int), shown)
            self.assertLessEqual(depth_of(item), DEEPEST)
        self.check_answers(items, tree)

    def check_answers(self, items: list[Item], tree: Tree, above: Item | None = None) -> None:
        """Each stands beneath what it answers, or names it, or says that it is not here."""
        for item in items:
            parent = tree.comments[int(item.comment.id)].parent_id
            named = item.to.id if item.to else above.comment.id if above and not item.orphan else None
            if not item.orphan:
                self.assertEqual(named, str(parent) if parent else None)
            self.check_answers(item.replies, tree, item)
