"""A guest may not take a user's name, nor one that could be mistaken for a moderator's."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from comments.authors import Author, name_guest
from comments.errors import CommentError
from tests.comments.cast import GWEN

FULLWIDTH_MONA = "\uff4d\uff4f\uff4e\uff41"
CYRILLIC_O, CYRILLIC_A, GREEK_O, DOTLESS_I = "\u043e", "\u0430", "\u03bf", "\u0131"


def refusal(name: str) -> tuple[int, str]:
    with pytest.raises(CommentError) as raised:
        name_guest(name)
    return raised.value.code, raised.value.reason


@pytest.fixture
def people(db: None) -> None:
    User.objects.create_user("bob", first_name="Robert", last_name="Malone")
    User.objects.create_user("madonna", first_name="Madonna")
    User.objects.create_user("Émile")
    User.objects.create_user("mona", is_staff=True, first_name="Mona", last_name="Oliver")
    User.objects.create_user("admin", is_staff=True)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "name",
    [
        "bob",
        "BOB",
        " Bob ",
        "b\u200bob",
        "\u202ebob",
        "Robert Malone",
        "robert  malone",
        "MADONNA",
        "émile",
        "ÉMILE",
        "E\u0301mile",
    ],
)
def test_a_users_name_is_taken_in_any_spelling(name: str) -> None:
    assert refusal(name) == (409, "name_taken")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "name",
    [
        f"m{CYRILLIC_O}na",
        f"mon{CYRILLIC_A}",
        f"m{GREEK_O}na",
        "m0na",
        "M0NA",
        "rnona",
        "mona\u3164",
        FULLWIDTH_MONA,
        "mo\u0301na",
        "m.o.n.a",
        "mona_",
        f"M{CYRILLIC_O}na 0liver",
        "monaoliver",
        "adm1n",
        "admln",
        f"adm{DOTLESS_I}n",
        f"\u0391dm{DOTLESS_I}n",
        "adrnin",
        "a d m i n",
        "\u24d0\u24d3\u24dc\u24d8\u24dd",  # in circles
        "\U0001d5ba\U0001d5bd\U0001d5c6\U0001d5c2\U0001d5c7",  # of mathematics
    ],
)
def test_a_moderators_name_is_taken_in_look_alike_letters(name: str) -> None:
    assert refusal(name) == (409, "name_taken")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    "name", ["Gwen", "Bobby", "Monika", "Administrator", "Ольга", "王小明", "عمر", "O'Neill-Smith", "7 of 9"]
)
def test_a_name_of_ones_own_is_kept(name: str) -> None:
    assert name_guest(name).name == name


def chef_by_number(user: User) -> str:
    """A project's own way to show its users, for COMMENTS_NAME_OF; it fails for the admin."""
    if user.username == "admin":
        raise RuntimeError("no number")
    return {"mona": "Chef One"}.get(user.username, user.username)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ["Chef One", "chef 0ne", "mona", "Mona Oliver", "adm1n"])
def test_a_moderators_name_is_taken_as_the_project_shows_it_and_in_every_other_form(
    name: str, settings: Any
) -> None:
    settings.COMMENTS_NAME_OF = f"{__name__}.{chef_by_number.__name__}"
    assert refusal(name) == (409, "name_taken")
    assert name_guest("Chef Two").name == "Chef Two"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["carla", "CARLA", "émile", "Émile", "ÉMILE"])
def test_what_stands_before_the_at_of_a_mail_address_is_taken(name: str) -> None:
    User.objects.create_user("carla@mail.example")
    User.objects.create_user("Émile@mail.example")
    assert refusal(name) == (409, "name_taken")
    assert name_guest("carl").name == "carl"
    assert name_guest("c%").name == "c%"


@pytest.mark.django_db
def test_a_name_is_taken_whatever_cannot_be_seen_in_it() -> None:
    User.objects.create_user("bob", first_name="\u0639\u0644\u06cc\u200c\u0631\u0636\u0627")
    assert refusal("\u0639\u0644\u06cc\u0631\u0636\u0627") == (409, "name_taken")
    assert refusal("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627") == (409, "name_taken")
    assert refusal("b\u200co\u200fb") == (409, "name_taken")


@pytest.mark.parametrize("name", ["a\x00b", "\ud800"])
def test_a_name_that_no_cookie_can_hold_is_refused(name: str) -> None:
    assert refusal(name) == (400, "bad_field")


@pytest.mark.django_db
def test_only_a_guest_stays_who_they_were() -> None:
    assert name_guest("Gwendolyn", previous=GWEN).key == GWEN.key
    assert name_guest("Gwendolyn", previous=Author("u1", "bob", "member", 1)).key.startswith("g")
    assert name_guest("Gwen").key != name_guest("Gwen").key
