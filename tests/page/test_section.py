"""The section of comments as the server renders it, for readers and crawlers without JavaScript."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.contrib.auth.models import User
from django.template import Context, Template
from django.test import TestCase, override_settings

from blog.models import Article
from comments.assets import assets
from comments.authors import Author, author_of_user
from comments.models import Comment
from comments.queries import get_thread, numbers_of
from comments.services import hide_comment, post_comment, set_policy


@override_settings(COMMENTS_RATE_LIMITS=False)
class SectionTest(TestCase):
    def setUp(self) -> None:
        self.alice = User.objects.create_user("alice")
        self.bob = author_of_user(User.objects.create_user("bob"))
        self.article = Article.objects.create(
            title="On Margins", slug="on-margins", body="Text.", author=self.alice, status="published"
        )

    def write(self, content: str, parent: Comment | None = None, author: Author | None = None) -> Comment:
        return post_comment(
            author=author or self.bob,
            thread=get_thread(self.article),
            content=content,
            ref=uuid.uuid4(),
            parent=parent.pk if parent else None,
        ).comment

    def get(self, query: str = "") -> str:
        response = self.client.get(f"/articles/on-margins/{query}")
        self.assertEqual(response.status_code, 200)
        return response.content.decode()

    def ids(self, html: str) -> list[int]:
        listed = html[html.index('<ol class="comment-list">') : html.index("<template")]
        return [int(pk) for pk in re.findall(r'id="comment-(\d+)"', listed)]

    def test_a_removed_comment_with_replies_is_a_tombstone_and_one_without_is_gone(self) -> None:
        kept, gone = self.write("a secret"), self.write("another secret")
        reply = self.write("reply", kept)
        for comment in (kept, gone):
            hide_comment(comment=comment)
        html = self.get()
        self.assertNotIn("secret", html)
        self.assertEqual(self.ids(html), [kept.pk, reply.pk])
        listed = html[: html.index("<template")]
        self.assertEqual(listed.count("This comment was removed."), 1)

    def test_what_is_long_is_folded_as_in_the_page(self) -> None:
        for content, is_folded in (("x" * 1_400, False), ("x" * 1_401, True), ("x" + "\n" * 16 + "y", True)):
            with self.subTest(len(content)):
                Comment.objects.all().delete()
                self.write(content)
                self.assertEqual("comment-text is-long" in self.get(), is_folded)

    def test_attacks_in_comments_are_inert(self) -> None:
        mallory = Author("gdeadbeef", '"><script>alert(1)</script>', "guest")
        self.write("<img src=x onerror=alert(1)> [x](javascript:alert(1)) </script><!--", author=mallory)
        html = self.get()
        section = html[html.index("<section") : html.index("</section>")]
        our_script = f'<script type="module" src="/static/{assets().script}">'
        self.assertEqual(re.findall(r"<script[^>]*>", section), [our_script])
        self.assertNotRegex(section, r'<[^>]+onerror|href="javascript')
        self.assertNotRegex(section, r'\sstyle=|\son\w+="')

    def test_the_page_starts_from_what_was_rendered(self) -> None:
        comment = self.write("one")
        html = self.get()
        self.assertIn(f'data-epoch="{comment.thread.epoch}" data-seq="1" data-count="1"', html)
        self.assertIn('data-kind="article" data-revision="1" data-key="on-margins"', html)
        self.assertIn('data-api="/api/articles/on-margins/" data-site-api="/api/"', html)
        self.assertIn('data-socket="/ws/article/on-margins/"', html)

    def test_a_closed_thread_has_a_notice_and_no_form(self) -> None:
        comment = self.write("one")
        set_policy(thread=comment.thread, policy="closed")
        html = self.get()
        notice = "Comments are closed."
        self.assertInHTML(f'<p class="comments-notice comments-closed" tabindex="-1">{notice}</p>', html)
        self.assertRegex(html, r'<form class="composer[^>]* hidden>')

    @override_settings(COMMENTS_GUESTS=False)
    def test_without_guests_anonymous_readers_are_asked_to_log_in(self) -> None:
        html = self.get()
        self.assertIn('<a href="/login/?next=/articles/on-margins/%23comment-form"', html)
        self.assertRegex(html, r'<form class="composer[^>]* hidden>')
        self.client.force_login(self.alice)
        self.assertNotRegex(self.get(), r'<form class="composer[^>]* hidden>')

    def test_a_reply_without_javascript_shows_whom_it_answers(self) -> None:
        comment = self.write("one")
        html = self.get(f"?reply={comment.pk}")
        self.assertInHTML(f'<input type="hidden" name="parent" value="{comment.pk}">', html)
        self.assertInHTML('<span>Replying to <b dir="auto">bob</b></span>', html)
        self.assertInHTML('<input type="hidden" name="parent" value="">', self.get("?reply=999999"))

    def test_the_section_costs_three_queries_whatever_its_length(self) -> None:
        comments = [self.write(f"comment {number}") for number in range(20)]
        for comment in comments:
            self.write("reply", comment)
        request = self.client.get("/articles/on-margins/").wsgi_request
        template = Template("{% load live_comments %}{% live_comments article %}")
        with self.assertNumQueries(3):  # the thread, a page of its conversations, and their first replies
            template.render(Context({"request": request, "article": self.article}))

    def test_numbers_for_lists_cost_one_query(self) -> None:
        self.write("one")
        other = Article.objects.create(title="Quiet", body="Text.", author=self.alice, status="published")
        with self.assertNumQueries(1):
            numbers = numbers_of([self.article, other])
        self.assertEqual([numbers[each.pk].comments for each in (self.article, other)], [1, 0])


@override_settings(COMMENTS_RATE_LIMITS=False)
class PostTest(TestCase):
    """The form, sent by a browser without JavaScript."""

    def setUp(self) -> None:
        self.alice = User.objects.create_user("alice")
        self.article = Article.objects.create(
            title="On Margins", slug="on-margins", body="Text.", author=self.alice, status="published"
        )

    def post(self, **fields: Any) -> Any:
        form = {"content": "Well said.", "ref": str(uuid.uuid4()), "parent": "", **fields}
        return self.client.post("/articles/on-margins/comments/", form)

    def test_a_comment_is_stored_and_redirected_to(self) -> None:
        self.client.force_login(self.alice)
        response = self.post()
        comment = Comment.objects.get()
        place = f"/articles/on-margins/?comment={comment.pk}#comment-{comment.pk}"
        self.assertRedirects(response, place, fetch_redirect_response=False)
        self.assertEqual((comment.content, comment.role), ("Well said.", "author"))

    def test_sending_the_form_twice_stores_it_once(self) -> None:
        self.client.force_login(self.alice)
        ref = str(uuid.uuid4())
        self.assertEqual(self.post(ref=ref).headers["Location"], self.post(ref=ref).headers["Location"])
        self.assertEqual(Comment.objects.count(), 1)

    def test_a_guest_gives_a_name_once(self) -> None:
        self.assertEqual(self.post(name="Maya").status_code, 302)
        self.assertEqual(self.post().status_code, 302)
        self.assertEqual({c.author_name for c in Comment.objects.all()}, {"Maya"})
        self.assertEqual(Comment.objects.values("author_key").distinct().count(), 1)

    def test_a_reply(self) -> None:
        self.client.force_login(self.alice)
        self.post()
        parent = Comment.objects.get()
        self.post(parent=str(parent.pk), content="Thank you.")
        self.assertEqual(Comment.objects.get(content="Thank you.").parent, parent)

    def test_a_refusal_gives_back_all_that_was_typed(self) -> None:
        User.objects.create_user("bob")
        ref = str(uuid.uuid4())
        for fields, status, words in [
            ({"name": "bob"}, 409, "Well said."),
            ({"name": ""}, 422, "Well said."),
            ({"name": "Maya", "content": " \u200b "}, 422, "Write something first."),
            ({"content": "x" * 5001}, 413, "x" * 5001),
            ({"parent": "999999"}, 422, "Well said."),
        ]:
            with self.subTest(status=status, **fields):
                response = self.post(ref=ref, **fields)
                html = response.content.decode()
                self.assertEqual(response.status_code, status)
                self.assertIn(words, html)
                self.assertInHTML(f'<input type="hidden" name="ref" value="{ref}">', html)
                self.assertRegex(html, r'role="alert">[^<]+')
        self.assertEqual(Comment.objects.count(), 0)

    def test_a_guest_named_by_a_refused_form_keeps_the_name(self) -> None:
        self.post(name="Maya", content="")
        self.assertEqual(self.post().status_code, 302)
        self.assertEqual(Comment.objects.get().author_name, "Maya")

    def test_a_closed_thread_refuses_and_shows_the_text(self) -> None:
        self.client.force_login(self.alice)
        self.post()
        set_policy(thread=Comment.objects.get().thread, policy="closed")
        response = self.post(content="Too late?")
        self.assertContains(response, "Too late?", status_code=403)

    @override_settings(COMMENTS_GUESTS=False)
    def test_an_anonymous_reader_is_sent_to_the_login_and_the_text_is_kept(self) -> None:
        response = self.post(name="Maya")
        self.assertContains(response, "Well said.", status_code=401)
        self.assertContains(response, "/login/?next=/articles/on-margins/", status_code=401)

    def test_without_a_csrf_token_nothing_is_posted(self) -> None:
        client = self.client_class(enforce_csrf_checks=True)
        client.force_login(self.alice)
        response = client.post("/articles/on-margins/comments/", {"content": "x", "ref": str(uuid.uuid4())})
        self.assertEqual((response.status_code, Comment.objects.count()), (403, 0))

    def test_a_draft_has_no_comments(self) -> None:
        Article.objects.filter(pk=self.article.pk).update(status="draft")
        self.client.force_login(self.alice)
        self.assertEqual(self.post().status_code, 404)

    def test_a_reload_of_a_refusal_leads_back_to_the_article(self) -> None:
        response = self.client.get("/articles/on-margins/comments/")
        self.assertRedirects(response, "/articles/on-margins/#comments", fetch_redirect_response=False)
