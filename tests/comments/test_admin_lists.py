"""Moderators find comments and threads in the admin's lists, for subjects of every kind."""

from django.test import TestCase

from tests.comments.cast import make_alice, make_article, make_bob, make_mona, post, thread_of

COMMENTS, THREADS = "/admin/comments/comment/", "/admin/comments/thread/"


class Lists(TestCase):
    def setUp(self) -> None:
        self.alice, self.bob = make_alice(), make_bob()
        self.plums, self.pears = make_article(self.alice), make_article(self.alice, "pears")
        self.on_plums, self.on_pears = (
            post(self.bob, self.plums, "Ripe."),
            post(self.bob, self.pears, "Hard."),
        )
        self.client.force_login(make_mona())

    def found(self, where: str, **query: str) -> set[int]:
        answer = self.client.get(where, query)
        self.assertEqual(answer.status_code, 200)
        return {row.pk for row in answer.context["cl"].result_list}

    def test_a_comment_is_found_by_its_text_and_by_the_title_of_its_subject(self) -> None:
        self.assertEqual(self.found(COMMENTS, q="Ripe"), {self.on_plums.pk})
        self.assertEqual(self.found(COMMENTS, q="pears"), {self.on_pears.pk})

    def test_a_thread_is_found_by_the_title_of_its_subject(self) -> None:
        self.assertEqual(self.found(THREADS, q="plums"), {thread_of(self.plums).pk})
        self.assertEqual(self.found(THREADS, q="nuts"), set())

    def test_the_comments_of_one_thread_are_a_filter_away(self) -> None:
        thread = thread_of(self.plums)
        self.assertContains(self.client.get(COMMENTS), f"?thread={thread.pk}")
        self.assertEqual(self.found(COMMENTS, thread=str(thread.pk)), {self.on_plums.pk})

    def test_a_filter_of_junk_finds_nothing(self) -> None:
        for junk in ("x", "-1", "9" * 30, "1 OR 1=1"):
            self.assertEqual(self.found(COMMENTS, thread=junk), set(), junk)

    def test_rows_link_to_the_subject(self) -> None:
        self.assertContains(self.client.get(COMMENTS), f'href="/articles/plums/comments/{self.on_plums.pk}/"')
        thread = self.client.get(f"{THREADS}{thread_of(self.plums).pk}/change/")
        self.assertContains(thread, 'href="/articles/plums/"')

    def test_titles_cost_one_query_a_kind_however_many_rows_there_are(self) -> None:
        self.client.get(COMMENTS)
        with self.assertNumQueries(8):
            self.client.get(THREADS)
        for number in range(5):
            post(self.bob, make_article(self.alice, f"nuts-{number}"))
        with self.assertNumQueries(8):
            self.client.get(THREADS)
