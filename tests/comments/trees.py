"""Threads of any shape: what happens to them, and what is true of them by a look at every row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

import hypothesis.strategies as st

from blog.models import Article
from comments.editing import delete_own_comment, restore_own_comment
from comments.errors import CommentError
from comments.models import Comment
from comments.services import delete_comment, hide_comment, restore_comment
from tests.comments.cast import GWEN, post

# What happens to one of the comments: numbers choose which. A reply to none of them is a new root.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["post", "reply", "hide", "restore", "delete", "withdraw", "undo"]),
        st.integers(0, 20),
    ),
    max_size=30,
)
SERVICES = {"hide": hide_comment, "restore": restore_comment, "delete": delete_comment}
BY_ITSELF = {"withdraw": delete_own_comment, "undo": restore_own_comment}

Step = tuple[str, int]


def grow(article: Article, steps: Iterable[Step]) -> None:
    """Let these things happen to the comments of an article, each where it can."""
    for what, number in steps:
        comments = list(Comment.objects.order_by("pk"))
        if what in SERVICES and comments:
            SERVICES[what](comment=comments[number % len(comments)])
        if what in BY_ITSELF and comments:
            chosen = comments[number % len(comments)]
            with suppress(CommentError):  # what a moderator removed
                BY_ITSELF[what](author=GWEN, thread=chosen.thread, comment_id=str(chosen.pk))
        visible = [comment for comment in comments if comment.status == "visible"]
        if what == "post":
            post(GWEN, article, f"Number {len(comments)}.")
        elif what == "reply" and visible:
            post(GWEN, article, f"Number {len(comments)}.", parent=visible[number % len(visible)].pk)


class Tree:
    """All comments of the database, looked at one by one."""

    def __init__(self) -> None:
        self.comments = {comment.pk: comment for comment in Comment.objects.order_by("pk")}

    def root_of(self, comment: Comment) -> Comment:
        while comment.parent_id is not None:
            comment = self.comments[comment.parent_id]
        return comment

    def below(self, root: Comment) -> Iterator[Comment]:
        """What belongs to the conversation of a root, the oldest first."""
        return (c for c in self.comments.values() if c is not root and self.root_of(c) is root)

    def replies_to(self, comment: Comment) -> list[Comment]:
        return [c for c in self.comments.values() if c.parent_id == comment.pk]

    def stands(self, comment: Comment) -> bool:
        """Whether a page shows a comment, or a tombstone in its place."""
        relatives = self.replies_to(comment) if comment.parent_id else self.below(comment)
        return is_visible(comment) or any(map(is_visible, relatives))


def is_visible(comment: Comment) -> bool:
    return comment.status == "visible"
