"""An unknown address is answered with the site's own page, in development too."""

import pytest
from django.test import Client, override_settings

from tests.comments.cast import make_alice, make_article

pytestmark = pytest.mark.django_db
OWN = "Not found · "


@override_settings(DEBUG=True)
@pytest.mark.parametrize(
    "path", ["/nothing/", "/articles/nothing/", "/tags/nothing/", "/a/b/c", "/nothing%0Aat/"]
)
def test_an_unknown_page_is_the_sites_own(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, OWN in answer.text) == (404, True)


@override_settings(DEBUG=True)
def test_an_address_without_its_slash_still_leads_there() -> None:
    make_article(make_alice())
    answer = Client().get("/articles/plums")
    assert (answer.status_code, answer["Location"]) == (301, "/articles/plums/")


@override_settings(DEBUG=True)
def test_an_unknown_call_of_the_api_is_answered_as_calls_are() -> None:
    answer = Client().get("/api/nothing/")
    assert (answer.status_code, answer.json()["reason"]) == (404, "not_found")
