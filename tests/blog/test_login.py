"""Logging in and out."""

from django.test import TestCase

from tests.blog.cast import BENS_PASSWORD, make_ben

CREDENTIALS = {"username": "ben", "password": BENS_PASSWORD}


class Login(TestCase):
    def setUp(self) -> None:
        self.ben = make_ben()

    def test_it_returns_to_the_page_that_the_reader_came_from(self) -> None:
        self.assertContains(
            self.client.get("/tags/none/"), 'href="/login/?next=/tags/none/"', status_code=404
        )
        page = self.client.get("/login/?next=/articles/on-plums/")
        self.assertContains(page, '<input type="hidden" name="next" value="/articles/on-plums/">')
        response = self.client.post("/login/", CREDENTIALS | {"next": "/articles/on-plums/"})
        self.assertRedirects(response, "/articles/on-plums/", fetch_redirect_response=False)

    def test_a_refusal_does_not_say_whether_the_name_or_the_password_was_wrong(self) -> None:
        answers = [
            self.client.post("/login/", {"username": name, "password": "wrong"})
            .context["form"]
            .non_field_errors()
            for name in ("ben", "nobody")
        ]
        self.assertEqual(answers[0], answers[1])

    def test_logging_out_takes_a_post(self) -> None:
        self.client.force_login(self.ben)
        self.assertEqual(self.client.get("/logout/").status_code, 405)
        self.assertContains(self.client.get("/"), '<form method="post" action="/logout/">')
        self.client.post("/logout/")
        self.assertNotIn("_auth_user_id", self.client.session)
