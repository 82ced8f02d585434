"""Where the comments of a page stand. `arrange` of thread/tree.js in the page gives the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from comments import pages, wire


@dataclass
class Item:
    """A comment in its place.

    to: the comment answered, where nesting does not say so. orphan: it answers one that is not shown. window:
    of a root, the part of its conversation that is shown. earlier_url and more_url: where the rest is.
    """

    comment: wire.Comment
    to: wire.Comment | None = None
    orphan: bool = False
    replies: list[Item] = field(default_factory=list)
    window: pages.Replies | None = None
    earlier_url: str = ""
    more_url: str = ""


def arrange(roots: Iterable[pages.Root]) -> list[Item]:
    """The conversations in the order given, three levels deep, replies oldest first.

    What answers a root stands beneath it, and what answers that, beneath that. What is deeper stands there,
    too, and names what it answers.
    """
    return [_conversation(root) for root in roots]


def _conversation(root: pages.Root) -> Item:
    item = Item(root, window=root.replies)
    placed: dict[str | None, Item] = {}
    tops: dict[str, Item] = {}  # by the id of a comment, the reply to the root that it stands beneath
    for comment in root.replies.results:  # each is younger than what it answers
        reply = placed[comment.id] = Item(comment)
        answered = placed.get(comment.parent)
        if answered is None:
            reply.orphan = comment.parent != root.id
            tops[comment.id] = reply
            item.replies.append(reply)
        else:
            top = tops[comment.id] = tops[answered.comment.id]
            reply.to = answered.comment if answered is not top else None
            top.replies.append(reply)
    return item
