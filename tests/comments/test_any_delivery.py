"""The replay law for real clients: whatever reaches them in whatever order, they end equal to the thread.

The services write the thread's changes. Live frames are lost, doubled and swapped, and answers of the history
come late. The page's own store and the tests' client follow, each asking for what comes after its position.
The page's store follows the reactions, too, and asks after all that reaches it whether it is right.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis.extra.django import TestCase

from blog.models import Article
from comments import pages, wire
from comments.errors import CommentError
from comments.models import Comment, Reaction
from comments.queries import history_json, replies, snapshot
from comments.queries.reactions import reactions_of
from comments.reactions import react
from comments.shown import Shown
from comments.verification import verify
from tests.comments.cast import GWEN, make_alice, make_article, thread_of
from tests.comments.few_bytes import FEW, few_bytes
from tests.comments.listening import announced_by
from tests.comments.test_replay import STEP, take
from tests.realtime.thread_copy import Gap, ThreadCopy

if TYPE_CHECKING:
    from tests.services.javascript import JavaScript

FOLLOWER = Path(__file__).parent / "js" / "follower.mjs"

Frame = dict[str, Any]

# Things that happen to the thread, and to frames on their way; numbers choose among the comments or frames.
SORT = st.sampled_from(["newest", "oldest", "top"])
WAYS = ("deliver", "deliver again", "lose", "take an answer")
ACTIONS = st.lists(
    st.one_of(
        STEP,
        st.tuples(st.sampled_from(WAYS), st.integers(0, 9)),
        st.tuples(st.sampled_from(["react", "tell of reactions", "connect anew"]), st.integers(0, 9)),
        st.tuples(st.just("ask"), st.integers(1, 4)),
    ),
    max_size=40,
)


class Follower(Protocol):
    """A client that keeps a copy of a thread, or of a part of it."""

    def begin(self, article: Article) -> None: ...
    def position(self) -> int: ...
    def receive(self, frame: Frame) -> None: ...
    def take(self, answer: Frame) -> None: ...
    def is_behind(self, epoch: str, seq: int, reaction_seq: int) -> bool: ...
    def shown(self) -> Any: ...
    def fresh(self, article: Article) -> Any: ...
    def reactions(self) -> int | None: ...
    def react(self, frame: Frame) -> None: ...
    def asked(self) -> Any: ...


class PageStore:
    """The store of the article's page, which begins with a few conversations and their first replies."""

    def __init__(self, javascript: JavaScript, sort: str) -> None:
        self._call = partial(javascript.call, FOLLOWER)
        self._sort = sort

    def begin(self, article: Article, limit: int = 2) -> None:
        self._call("begin", read(snapshot(thread_of(article), self._sort, limit=limit)))

    def position(self) -> int:
        return int(self._call("position"))

    def receive(self, frame: Frame) -> None:
        self._call("receive", frame)

    def take(self, answer: Frame) -> None:
        self._call("take", answer)

    def is_behind(self, epoch: str, seq: int, reaction_seq: int) -> bool:
        return bool(self._call("hear", {"epoch": epoch, "seq": seq, "reaction_seq": reaction_seq}))

    def reactions(self) -> int | None:
        return int(self._call("reactions"))

    def react(self, frame: Frame) -> None:
        self._call("react", frame)

    def asked(self) -> Any:
        return self._call("asked")

    def shown(self) -> Any:
        return self._call("shown")

    def fresh(self, article: Article) -> Any:
        return self._call("fresh", whole_of(article, self._sort))


class PythonClient:
    """The client of the other tests, which has all of the thread."""

    def begin(self, article: Article) -> None:
        self._copy = copy_of(whole_of(article))

    def position(self) -> int:
        return self._copy.position

    def receive(self, frame: Frame) -> None:
        with suppress(Gap):  # the client then asks the history, and drops the frame
            self._copy.take(frame)

    def take(self, answer: Frame) -> None:
        self._copy.replay(answer)

    def is_behind(self, epoch: str, seq: int, reaction_seq: int) -> bool:
        return self._copy.position < seq

    def reactions(self) -> int | None:
        return None

    def react(self, frame: Frame) -> None:
        pass  # it keeps no counts

    def asked(self) -> Any:
        return None

    def shown(self) -> Any:
        return self._copy.position, self._copy.count, self._copy.policy, self._copy.shown()

    def fresh(self, article: Article) -> Any:
        copy = copy_of(whole_of(article))
        return copy.position, copy.count, copy.policy, copy.shown()


def copy_of(whole: Frame) -> ThreadCopy:
    copy = ThreadCopy()
    comments = [comment for root in whole["results"] for comment in (root, *root["replies"]["results"])]
    copy.begin(whole["epoch"], whole["seq"], comments, count=whole["count"], policy=whole["policy"])
    return copy


def whole_of(article: Article, sort: str = "newest") -> Frame:
    """A fresh snapshot of all conversations, each with all of its replies."""
    thread = thread_of(article)
    whole = read(snapshot(thread, sort, limit=100))
    assert whole["next"] is None
    for root in whole["results"]:
        root["replies"] = read(replies(thread, int(root["id"]), limit=200))
        assert root["replies"]["next"] is None
    return whole


def read(answer: pages.Snapshot | pages.Conversation) -> Frame:
    """An answer as a client reads it."""
    read: Frame = json.loads(wire.encode(answer))
    return read


@dataclass
class Journey:
    """Frames and answers that are on their way from the server to one client."""

    article: Article
    follower: Follower
    most: int | None  # bytes of text in an answer
    frames: list[Frame] = field(default_factory=list)
    answers: list[Frame] = field(default_factory=list)
    told: int = 0  # up to which number of the reactions this connection was told

    def happen(self, what: str, number: int) -> None:
        """Change something in the thread, if the step says so."""
        if what != "react":
            take((what, number), self.article)
        elif visible := list(Comment.objects.filter(thread__object_key=self.article.pk, status="visible")):
            comment = visible[number % len(visible)]
            on = not Reaction.objects.filter(comment=comment).exists()
            with suppress(CommentError):  # the thread is closed
                react(author=GWEN, thread=comment.thread, comment_id=str(comment.pk), emoji="👍", on=on)

    def act(self, what: str, number: int) -> None:
        if what == "tell of reactions":
            self.tell()
        elif what == "connect anew":
            head = thread_of(self.article)
            self.told = head.reaction_seq
            self.follower.is_behind(head.epoch, self.follower.position(), head.reaction_seq)
        elif what == "ask":
            self.answers.append(self.ask(number))
        elif what == "take an answer" and self.answers:
            self.follower.take(self.answers.pop(number % len(self.answers)))
        elif what in WAYS and self.frames:
            self.move(what, number % len(self.frames))

    def move(self, how: str, index: int) -> None:
        frame = self.frames[index] if how == "deliver again" else self.frames.pop(index)
        if how != "lose":
            self.follower.receive(frame)

    def tell(self) -> None:
        """Send the counts that have changed, as a hub does."""
        changed = reactions_of(thread_of(self.article), self.told)
        self.told = changed.seq
        for each in changed.reactions:
            self.follower.react(json.loads(wire.encode(each)))

    def ask(self, limit: int) -> Frame:
        """The history's answer for the client's position, with at most `limit` changes."""
        thread, after = thread_of(self.article), self.follower.position()
        reactions = self.follower.reactions()
        with few_bytes(self.most):
            found = history_json(thread, after, epoch=thread.epoch, limit=limit, reactions_after=reactions)
        answer: Frame = json.loads(found)
        return answer

    def is_right(self) -> bool | None:
        """What the server says to the client's question whether it is right; None also where it asks none."""
        asked = self.follower.asked()
        return asked and verify(thread=thread_of(self.article), shown=msgspec.convert(asked, Shown))

    def end(self, limit: int) -> None:
        """The server tells the thread's position, and the client asks the history until it is there, too."""
        head = thread_of(self.article)
        while self.follower.is_behind(head.epoch, head.head_seq, head.reaction_seq):
            before = self.follower.position(), self.follower.reactions()
            self.follower.take(self.ask(limit))
            assert (self.follower.position(), self.follower.reactions()) > before
        for frame in self.frames:
            self.follower.receive(frame)
        for answer in self.answers:
            self.follower.take(answer)


class AnyDelivery(TestCase):
    maxDiff = None
    most: int | None = None  # bytes of text in an answer

    @pytest.fixture(autouse=True)
    def _take_javascript(self, javascript: JavaScript) -> None:
        self.javascript = javascript

    @example(
        before=[("post", None), ("post", 0), ("hide", 1), ("hide", 0)],
        actions=[("restore", 1)],
        limit=1,
        most=None,
        sort="newest",
    )
    @settings(max_examples=250, deadline=None)
    @given(before=st.lists(STEP, max_size=12), actions=ACTIONS, limit=st.integers(1, 5), most=FEW, sort=SORT)
    def test_the_pages_windows_end_equal_to_a_fresh_snapshot(
        self, before: list[Any], actions: list[Any], limit: int, most: int | None, sort: str
    ) -> None:
        self.most = most
        self.play(PageStore(self.javascript, sort), before, actions, limit)

    @settings(max_examples=250, deadline=None)
    @given(before=st.lists(STEP, max_size=6), actions=ACTIONS, limit=st.integers(1, 5))
    def test_a_client_in_python_does_so_too(self, before: list[Any], actions: list[Any], limit: int) -> None:
        self.play(PythonClient(), before, actions, limit)

    def play(self, follower: Follower, before: list[Any], actions: list[Any], limit: int) -> None:
        article = make_article(make_alice())
        for step in before:
            take(step, article)
        journey = Journey(article, follower, self.most)
        with few_bytes(self.most):
            follower.begin(article)
        journey.told = thread_of(article).reaction_seq
        played = f"before: {before}\nthen: {actions}\npages of the history: {limit}, bytes: {self.most}"
        for what, number in actions:
            with self.captureOnCommitCallbacks() as announcements:
                journey.happen(what, number)
            if what != "react":  # of reactions the hub reads, and tells
                journey.frames += [frame_of(announcement) for announcement in announcements]
            journey.act(what, number)
            if what in (*WAYS, "tell of reactions"):
                self.assertIsNot(journey.is_right(), False, f"\n\n{played}")
        journey.end(limit)

        self.assertIsNot(journey.is_right(), False, f"\n\n{played}")
        self.assertEqual(follower.shown(), follower.fresh(article), f"\n\n{played}")


def frame_of(announcement: Callable[[], object]) -> Frame:
    """The live frame that would have been published."""
    frame: Frame = json.loads(announced_by(announcement).change.frame)
    return frame
