"""Reactions: each person's of each kind once, counted with the comment, and found again by who was away."""

from __future__ import annotations

from typing import Any, cast

import hypothesis.strategies as st
import pytest
from django.contrib.auth.models import User
from django.test import Client, TestCase, override_settings
from hypothesis import given, settings
from hypothesis.extra.django import TestCase as PropertyTestCase

from comments import queries
from comments.announcements import ReactionsChange
from comments.authors import Author
from comments.errors import CommentError
from comments.models import Comment, Reaction, Thread
from comments.queries.reactions import changed_reactions, own_reactions
from comments.reactions import react
from comments.services import edit_comment, hide_comment, restore_comment, set_policy
from tests.comments.cast import GWEN, author, json_of, make_alice, make_article, make_bob, post, thread_of

UP, HEART = "👍", "❤️"


class Reacting(TestCase):
    def setUp(self) -> None:
        self.bob = author(make_bob())
        self.alice = make_alice()
        self.article = make_article(self.alice)
        self.comment = post(self.bob, self.article)

    def react(self, who: Author | None = GWEN, emoji: str = UP, on: bool = True, **more: Any) -> Comment:
        fields = {"comment_id": str(self.comment.pk)} | more
        thread = thread_of(self.article)
        comment = react(author=who, thread=thread, emoji=emoji, on=on, **fields)
        self.comment.refresh_from_db()
        self.assertEqual(comment.reactions, Comment.objects.get(pk=comment.pk).reactions)
        return comment

    def refused(self, *args: Any, **more: Any) -> tuple[int, str]:
        before = list(Comment.objects.values()), list(Reaction.objects.values())
        with self.assertRaises(CommentError) as raised:
            self.react(*args, **more)
        self.assertEqual((list(Comment.objects.values()), list(Reaction.objects.values())), before)
        return raised.exception.code, raised.exception.reason

    def test_people_are_counted_by_kind(self) -> None:
        self.react(GWEN, UP)
        self.react(self.bob, UP)
        self.react(self.bob, HEART)
        self.assertEqual(self.comment.reactions, {UP: 2, HEART: 1})
        self.assertEqual(self.comment.reaction_count, 3)
        self.react(self.bob, HEART, on=False)
        self.assertEqual((self.comment.reactions, self.comment.reaction_count), ({UP: 2}, 2))

    def test_once_more_changes_nothing(self) -> None:
        for on, counts, seq in ((True, {UP: 1}, 1), (False, {}, 2)):
            self.react(on=on)
            with self.captureOnCommitCallbacks() as announcements:
                self.react(on=on)
            self.assertEqual((self.comment.reactions, self.comment.reaction_seq), (counts, seq))
            self.assertEqual(announcements, [])

    def test_it_takes_no_number_of_the_thread_and_the_next_of_its_reactions(self) -> None:
        before = thread_of(self.article).head_seq
        with self.captureOnCommitCallbacks() as announcements:
            self.react()
        thread = thread_of(self.article)
        self.assertEqual((thread.head_seq, thread.reaction_seq, self.comment.reaction_seq), (before, 1, 1))
        _, announcement = cast("Any", announcements[0]).args
        self.assertEqual(announcement, ReactionsChange(thread=thread.pk, epoch=thread.epoch, seq=1))

    def test_an_edit_keeps_them_and_tells_them(self) -> None:
        self.react()
        edited = edit_comment(comment=self.comment, content="Bye.")
        change = queries.history(edited.thread_id, 1).changes[0]
        self.assertEqual((change.reactions, change.reaction_seq), ({UP: 1}, 1))  # type: ignore[union-attr]

    def test_who_may_not_write_does_not_react(self) -> None:
        self.assertEqual(self.refused(None), (401, "login_required"))
        with override_settings(COMMENTS_GUESTS=False):
            self.assertEqual(self.refused(GWEN), (401, "login_required"))

    def test_only_what_the_project_offers_is_taken_and_anything_taken_back(self) -> None:
        for emoji in ("💩", "", "x" * 500, "👍👍"):
            self.assertEqual(self.refused(emoji=emoji), (422, "bad_reaction"))
            self.react(emoji=emoji, on=False)
        for on in (True, False):
            self.assertEqual(self.refused(emoji="\x00", on=on), (400, "bad_field"))
        self.react(emoji=HEART)
        with override_settings(COMMENTS_REACTIONS=[]):
            self.assertEqual(self.refused(emoji=UP), (422, "bad_reaction"))
            self.react(emoji=HEART, on=False)
        self.assertEqual(self.comment.reactions, {})

    def test_only_what_readers_see_is_reacted_to(self) -> None:
        self.assertEqual(self.refused(comment_id="0"), (404, "not_found"))
        elsewhere = post(self.bob, make_article(self.alice, "pears"))
        self.assertEqual(self.refused(comment_id=str(elsewhere.pk)), (404, "not_found"))
        hide_comment(comment=self.comment)
        self.assertEqual(self.refused(), (404, "not_found"))

    def test_a_closed_thread_takes_none_and_lets_people_take_theirs_back(self) -> None:
        self.react()
        set_policy(thread=thread_of(self.article), policy=Thread.Policy.CLOSED)
        self.assertEqual(self.refused(emoji=HEART), (403, "closed"))
        self.react(on=False)
        self.assertEqual(self.comment.reactions, {})

    @pytest.mark.usefixtures("stopped_clock")
    def test_haste_is_slowed_down_by_person_and_then_by_address(self) -> None:
        with override_settings(COMMENTS_RATE_LIMITS=True):
            for _ in range(20):
                self.react(self.bob, address="192.0.2.1")
            self.assertEqual(self.refused(self.bob, address="192.0.2.1"), (429, "rate_limited"))
            for number in range(60):  # a class behind the same address
                self.react(Author(f"g{number}", "Pupil", "guest"), address="192.0.2.1")

    def test_ones_own_are_known_of_many_comments_at_once(self) -> None:
        other = post(self.bob, self.article)
        self.react(GWEN, HEART)
        self.react(GWEN, UP)
        self.react(self.bob, UP, comment_id=str(other.pk))
        ids = [str(self.comment.pk), str(other.pk)]
        with self.assertNumQueries(1):
            self.assertEqual(own_reactions(GWEN.key, ids), {ids[0]: [HEART, UP]})

    def test_the_asker_is_told_their_own_and_nobody_else_is(self) -> None:
        reply = post(self.bob, self.article, "A reply.", parent=self.comment.pk)
        self.react(self.bob, UP)
        self.react(self.bob, HEART, comment_id=str(reply.pk))
        self.react(GWEN, HEART)
        as_bob = Client()
        as_bob.force_login(User.objects.get(username="bob"))
        comments = "/api/articles/plums/comments/"
        [root] = as_bob.get(comments).json()["results"]
        self.assertEqual((root["reacted"], root["replies"]["results"][0]["reacted"]), ([UP], [HEART]))
        [same] = as_bob.get(f"{comments}{self.comment.pk}/replies/").json()["results"]
        self.assertEqual(same["reacted"], [HEART])
        [root] = self.client.get(comments).json()["results"]
        self.assertNotIn("reacted", root)
        self.assertNotIn("reacted", json_of(queries.history_json(thread_of(self.article), 0))["changes"][0])
        own = '<button class="reaction is-own"'
        self.assertContains(as_bob.get("/articles/plums/"), own, count=2)
        self.assertNotContains(self.client.get("/articles/plums/"), own)

    # Finding what was missed

    def test_the_snapshot_has_the_counts(self) -> None:
        self.react()
        page = self.client.get("/api/articles/plums/comments/").json()
        self.assertEqual(page["reaction_seq"], 1)
        [comment] = page["results"]
        self.assertEqual((comment["reactions"], comment["reaction_seq"]), ({UP: 1}, 1))

    def test_the_history_has_the_counts_that_changed_when_it_is_asked_for_them(self) -> None:
        other = post(self.bob, self.article)
        self.react(emoji=UP)
        self.react(emoji=UP, comment_id=str(other.pk))
        self.react(self.bob, emoji=HEART)

        def counts(**query: int) -> Any:
            answer = self.client.get("/api/articles/plums/history/", {"after": 2, **query}).json()
            found = {each["id"]: each["counts"] for each in answer["reactions"]}
            return answer["reaction_seq"], found

        first, second = str(self.comment.pk), str(other.pk)
        self.assertEqual(counts(), (3, {}))
        self.assertEqual(counts(reactions_after=0), (3, {second: {UP: 1}, first: {UP: 1, HEART: 1}}))
        self.assertEqual(counts(reactions_after=2), (3, {first: {UP: 1, HEART: 1}}))
        self.assertEqual(counts(reactions_after=3), (3, {}))
        hide_comment(comment=self.comment)
        self.assertEqual(counts(reactions_after=0), (3, {second: {UP: 1}}))

    def test_a_number_that_the_thread_has_not_reached_starts_again(self) -> None:
        answer = self.client.get("/api/articles/plums/history/?after=1&reactions_after=1").json()
        self.assertTrue(answer["reset"])
        for junk in ("-1", "x", str(2**63)):
            answer = self.client.get(f"/api/articles/plums/history/?after=1&reactions_after={junk}")
            self.assertEqual((answer.status_code, answer.json()["reason"]), (400, "bad_field"))

    def test_many_come_in_parts(self) -> None:
        comments = [self.comment, *(post(self.bob, self.article) for _ in range(4))]
        for comment in comments:
            self.react(comment_id=str(comment.pk))
        after, ids = 0, []
        while True:
            part = changed_reactions(self.comment.thread_id, after, limit=2)
            ids += [each.id for each in part.reactions]
            after = part.seq
            if not part.has_more:
                break
        self.assertEqual((after, ids), (5, [str(comment.pk) for comment in comments]))

    def test_a_new_count_is_in_the_next_answer(self) -> None:
        address = "/api/articles/plums/history/?after=1&reactions_after=0"
        self.react()
        self.assertEqual(json_of(self.client.get(address))["reactions"][0]["counts"], {UP: 1})
        self.react(self.bob)
        self.assertEqual(json_of(self.client.get(address))["reactions"][0]["counts"], {UP: 2})


STEP = st.tuples(
    st.sampled_from(["react", "react", "react", "hide", "restore"]),
    st.integers(0, 2),
    st.sampled_from([UP, HEART]),
    st.integers(0, 2),
    st.booleans(),
)


class Converging(PropertyTestCase):
    @settings(max_examples=40, deadline=None)
    @given(steps=st.lists(STEP, max_size=20), looks=st.sets(st.integers(0, 19)), limit=st.integers(1, 3))
    def test_whoever_looks_now_and_then_ends_with_the_right_counts(
        self, steps: list[tuple[str, int, str, int, bool]], looks: set[int], limit: int
    ) -> None:
        article = make_article(make_alice())
        people = [Author(f"g{n}", f"Guest {n}", "guest") for n in range(3)]
        comments = [post(GWEN, article) for _ in range(3)]
        counts: dict[str, dict[str, int]] = {}
        after = 0
        for number, (what, which, emoji, who, on) in enumerate(steps):
            comment = comments[which]
            comment.refresh_from_db()
            if what == "hide":
                hide_comment(comment=comment)
            elif what == "restore":
                restored = restore_comment(comment=comment)
                counts[str(comment.pk)] = restored.reactions  # as its frame has them
            elif comment.status == "visible":
                thread = thread_of(article)
                react(author=people[who], thread=thread, comment_id=str(comment.pk), emoji=emoji, on=on)
            if number in looks:
                after = self.catch_up(article, after, limit, counts)
        self.catch_up(article, after, limit, counts)

        for comment in Comment.objects.filter(status="visible"):
            truth = {emoji: comment.given_reactions.filter(emoji=emoji).count() for emoji in (UP, HEART)}
            truth = {emoji: count for emoji, count in truth.items() if count}
            self.assertEqual((comment.reactions, comment.reaction_count), (truth, sum(truth.values())))
            self.assertEqual(counts.get(str(comment.pk), comment.reactions), truth)

    def catch_up(self, article: Any, after: int, limit: int, counts: dict[str, dict[str, int]]) -> int:
        while True:
            part = changed_reactions(thread_of(article).pk, after, limit)
            counts |= {each.id: each.counts for each in part.reactions}
            after = part.seq
            if not part.has_more:
                return after
