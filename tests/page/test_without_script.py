"""Reading all of a thread with links alone: pages, conversations, sorts, links to a comment."""

from __future__ import annotations

import re
from html import unescape

from django.test import TestCase

from comments.models import Comment
from comments.services import hide_comment
from tests.comments.cast import GWEN, make_alice, make_article, make_bob, make_mona, post

PAGE = "/articles/plums/"


class WithoutScript(TestCase):
    def setUp(self) -> None:
        self.bob = make_bob()
        self.article = make_article(make_alice())

    def write(self, number: int, parent: Comment | None = None) -> list[Comment]:
        return [
            post(GWEN, self.article, f"Number {n}.", parent=parent.pk if parent else None)
            for n in range(number)
        ]

    def get(self, address: str = PAGE) -> str:
        """A page, without the copies that its script makes comments from."""
        answer = self.client.get(address)
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode().partition("<template")[0]

    def link(self, html: str, place: str) -> str:
        """Where the link of this class leads; empty if there is none to be seen."""
        found = re.search(rf'<p class="{place}"><a href="([^"]+)"', html)
        return "" if found is None else PAGE + unescape(found[1]).partition("#")[0]

    def ids(self, html: str) -> list[int]:
        return [int(pk) for pk in re.findall(r'id="comment-(\d+)"', html)]

    def walk(self, html: str, place: str) -> list[int]:
        """The comments of all pages from this one on, following the links of this class."""
        ids = self.ids(html)
        while address := self.link(html, place):
            html = self.get(address)
            ids += self.ids(html)
        return ids

    def test_all_pages_are_links_away_in_every_sort_and_in_both_directions(self) -> None:
        pks = [root.pk for root in self.write(60)]
        for sort, expected in (("newest", pks[::-1]), ("oldest", pks), ("top", pks[::-1])):
            with self.subTest(sort=sort):
                first = self.get(f"{PAGE}?sort={sort}")
                self.assertEqual(self.walk(first, "comments-older"), expected)
                last = self.get(self.link(self.get(self.link(first, "comments-older")), "comments-older"))
                self.assertEqual(
                    self.walk(last, "comments-previous"), [*expected[50:], *expected[25:50], *expected[:25]]
                )

    def test_replies_stand_beneath_what_they_answer_and_deeper_ones_name_it(self) -> None:
        [root] = self.write(1)
        [first] = self.write(1, root)
        [second] = self.write(1, first)
        [third] = self.write(1, second)
        html = self.get(f"{PAGE}?replies={root.pk}")
        self.assertEqual(self.ids(html), [root.pk, first.pk, second.pk, third.pk])
        self.assertEqual(html.count('<ol class="comment-replies">'), 2)
        self.assertEqual(
            re.findall(r'class="comment-quote"><a href="#comment-(\d+)"', html), [str(second.pk)]
        )

    def test_a_conversation_opens_in_place_and_goes_on(self) -> None:
        self.write(30)
        root, *_ = self.write(1)
        replies = [reply.pk for reply in self.write(120, root)]
        html = self.get()
        self.assertEqual(self.ids(html)[:4], [root.pk, *replies[:3]])
        self.assertIn("117 more replies", html)

        opened = self.get(self.link(html, "comment-more is-later"))
        self.assertEqual(self.ids(opened)[:51], [root.pk, *replies[:50]])
        further = self.get(self.link(opened, "comment-more is-later"))
        self.assertEqual(self.ids(further)[:51], [root.pk, *replies[50:100]])
        self.assertIn("50 earlier replies", further)
        self.assertIn("20 more replies", further)
        back = self.get(self.link(further, "comment-more is-earlier"))
        self.assertEqual(self.ids(back)[:51], [root.pk, *replies[:50]])

    def test_a_sort_is_kept_by_the_browser(self) -> None:
        old, new = self.write(2)
        [reply] = self.write(1, old)
        for sort, expected in (
            ("top", [old, reply, new]),
            ("oldest", [old, reply, new]),
            ("newest", [new, old, reply]),
        ):
            answer = self.client.get(f"{PAGE}comments/?sort={sort}")
            self.assertRedirects(answer, f"{PAGE}?sort={sort}#comments")
            self.assertEqual(self.ids(self.get()), [comment.pk for comment in expected])
        self.client.cookies["comments_sort"] = "junk"
        self.assertEqual(self.ids(self.get(f"{PAGE}?sort=junk")), [new.pk, old.pk, reply.pk])

    def test_a_link_leads_to_a_comment_however_old_it_is(self) -> None:
        root, *_ = self.write(1)
        replies = self.write(70, root)
        self.write(60)
        for comment in (root, replies[40]):
            with self.subTest(comment=comment):
                answer = self.client.get(comment.get_absolute_url())
                self.assertRedirects(answer, f"{PAGE}?comment={comment.pk}#comment-{comment.pk}")
                html = self.get(answer["Location"].partition("#")[0])
                marked = re.findall(r'<article class="comment is-marked" id="comment-(\d+)"', html)
                self.assertEqual(marked, [str(comment.pk)])
                self.assertIn("Back to the newest", html)
                self.assertIn(root.pk, self.ids(html))

    def test_a_link_to_what_is_gone_leads_to_a_sentence(self) -> None:
        comment, other = self.write(2)
        hide_comment(comment=comment)
        for pk, said in (
            (comment.pk, "This comment was removed."),
            (10**9, "There is no such comment in this thread."),
        ):
            answer = self.client.get(f"{PAGE}comments/{pk}/")
            self.assertRedirects(answer, f"{PAGE}?comment={pk}#comments")
            html = self.get(answer["Location"].partition("#")[0])
            notice = f'<span>{said}</span> <a href="{PAGE}#comments">All comments</a>'
            self.assertInHTML(f'<p class="comments-notice comments-permalink">{notice}</p>', html)
            self.assertEqual(self.ids(html), [other.pk])

    def test_the_admin_leads_to_it_too(self) -> None:
        [comment] = self.write(1)
        self.client.force_login(make_mona())
        answer = self.client.get(f"/admin/comments/comment/{comment.pk}/change/")
        [address] = re.findall(r'<a href="(/admin/r/[^"]+)" class="viewsitelink"', answer.content.decode())
        self.assertTrue(self.client.get(address)["Location"].endswith(f"{PAGE}comments/{comment.pk}/"))

    def test_a_reply_is_written_where_it_will_stand(self) -> None:
        root, *_ = self.write(40)
        html = self.get(f"{PAGE}?comment={root.pk}")
        [address] = re.findall(rf'href="([^"]+reply={root.pk})#comment-form"', html)
        form = self.get(PAGE + unescape(address))
        self.assertIn(root.pk, self.ids(form))
        self.assertInHTML(f'<input type="hidden" name="parent" value="{root.pk}">', form)

    def test_junk_in_the_address_shows_the_first_page(self) -> None:
        root, *_ = self.write(1)
        for query in (
            "comments=junk",
            "comments=%00",
            "sort=junk",
            "comment=",
            "comment=junk",
            f"comment={'9' * 5000}",
            "replies=junk",
            f"replies={root.pk}&from=junk",
            f"replies={2**63}",
            "reply=junk",
            "reply=%00",
        ):
            with self.subTest(query=query[:40]):
                html = self.get(f"{PAGE}?{query}")
                self.assertEqual(self.ids(html), [root.pk])
                self.assertIn('<p class="comments-newest" hidden>', html)
        for path in (f"{2**63}", "9" * 30, "junk", "-1"):
            self.assertEqual(self.client.get(f"{PAGE}comments/{path}/").status_code, 404)
        self.assertEqual(self.client.get(f"/articles/nowhere/comments/{root.pk}/").status_code, 404)
