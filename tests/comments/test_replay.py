"""The replay law: a snapshot and the history after it equal a fresh snapshot, whatever came in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings
from hypothesis.extra.django import TestCase
from msgspec import structs

from blog.models import Article
from comments import pages, wire
from comments.errors import CommentError
from comments.models import Comment
from comments.queries import get_thread, history, replies, snapshot
from comments.services import delete_comment, edit_comment, hide_comment, restore_comment, set_policy
from tests.comments.cast import GWEN, make_alice, make_article, post, thread_of
from tests.comments.few_bytes import FEW, few_bytes

MODERATE = {"hide": hide_comment, "restore": restore_comment, "delete": delete_comment}
NEVER = datetime.fromtimestamp(0, UTC)

# Things that happen to a thread; numbers choose among its comments.
STEP = st.one_of(
    st.tuples(st.just("post"), st.none() | st.integers(0, 9)),
    st.tuples(st.sampled_from(sorted(MODERATE)), st.integers(0, 9)),
    st.tuples(st.just("edit"), st.integers(0, 9)),
    st.tuples(st.sampled_from(["closed", "open"]), st.just(0)),
)


@dataclass
class Page:
    """A client in Python: the comments that it shows, tombstones among them, and its last change's number."""

    position: int
    policy: str
    count: int
    shown: dict[str, wire.Comment] = field(default_factory=dict)

    @classmethod
    def of(cls, article: Article) -> Page:
        now = snapshot(get_thread(article), "oldest", limit=100)
        assert now.next is None
        standing = [comment for root in now.results for comment in conversation_of(article, root)]
        shown = [comment if comment.status == "visible" else tombstone(comment) for comment in standing]
        return cls(now.seq, now.policy, now.count, {comment.id: comment for comment in shown})

    def apply(self, change: wire.Change) -> None:
        assert change.prev <= self.position < change.seq
        match change:
            case wire.Message():
                comment = {name: getattr(change, name) for name in wire.Comment.__struct_fields__}
                self.shown[change.id] = wire.Comment(**comment)
                self.count_replies(change)
            case wire.Removed():
                self.shown[change.id] = tombstone(change)
                self.count_replies(change)
            case wire.ThreadChanged():
                self.policy = change.policy
        self.position = change.seq

    def count_replies(self, change: wire.Message | wire.Removed) -> None:
        """Keep the numbers of replies above the comment; a removed one stands while it has any."""
        self.has_replies(change.root or change.id, change.root_reply_count)
        if change.parent is not None:
            assert change.parent_reply_count is not None
            self.has_replies(change.parent, change.parent_reply_count)
        standing = (c for c in self.shown.values() if c.status == "visible" or c.reply_count > 0)
        self.shown = {comment.id: comment for comment in standing}

    def has_replies(self, id_: str, number: int) -> None:
        if id_ in self.shown:
            self.shown[id_] = structs.replace(self.shown[id_], reply_count=number)

    def catch_up(self, article: Article, limit: int) -> None:
        while True:
            page = history(thread_of(article).pk, self.position, epoch=thread_of(article).epoch, limit=limit)
            assert not page.reset
            for change in page.changes:
                self.apply(change)
            self.position, self.count = page.seq, page.count
            if not page.has_more:
                return


def conversation_of(article: Article, root: pages.Root) -> list[wire.Comment]:
    """A root and all that stands below it."""
    whole = replies(get_thread(article), int(root.id), limit=200)
    assert (whole.previous, whole.next) == (None, None)
    assert whole.results[:3] == root.replies.results
    comment = {name: getattr(root, name) for name in wire.Comment.__struct_fields__}
    return [wire.Comment(**comment), *whole.results]


def tombstone(gone: wire.Comment | wire.Removed) -> wire.Comment:
    """What a page shows of a removed comment: its place, and that something below it is visible."""
    nobody: dict[str, Any] = dict.fromkeys(("user", "user_id", "role", "content", "html"), "")
    return wire.Comment(
        id=gone.id,
        parent=gone.parent,
        root=gone.root,
        reply_count=gone.reply_count,
        status="removed",
        version=0,
        timestamp=NEVER,
        edited_at=None,
        edited_by=None,
        **nobody,
    )


def take(step: tuple[str, int | None], article: Article) -> None:
    """Let one thing happen, unless the rules refuse it."""
    what, number = step
    comments = list(Comment.objects.order_by("pk"))
    chosen = comments[number % len(comments)] if comments and number is not None else None
    try:
        if what == "post":
            post(GWEN, article, f"Number {len(comments)}.", parent=chosen.pk if chosen else None)
        elif what in MODERATE and chosen is not None:
            MODERATE[what](comment=chosen)
        elif what == "edit" and chosen is not None:
            edit_comment(comment=chosen, content=f"{chosen.content} Edited.")
        elif what in ("open", "closed"):
            set_policy(thread=thread_of(article), policy=what)
    except CommentError as refusal:
        assert refusal.reason in ("bad_parent", "closed")


class Replay(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(steps=st.lists(STEP, max_size=25), limit=st.integers(1, 5), most=FEW)
    def test_history_leads_from_every_earlier_snapshot_to_the_newest(
        self, steps: list[tuple[str, int | None]], limit: int, most: int | None
    ) -> None:
        article = make_article(make_alice())
        pages = [Page.of(article)]
        for step in steps:
            take(step, article)
            pages.append(Page.of(article))

        for page in pages[:-1]:
            with few_bytes(most):
                page.catch_up(article, limit)
            self.assertEqual(page, pages[-1])
