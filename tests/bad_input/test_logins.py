"""Six wrong passwords for a name lock it for the address that tried them, on every way in."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import User
from django.test import Client
from django.views.debug import ExceptionReporter

from comments.rates import LOGINS_PER_ADDRESS, LOGINS_PER_NAME
from tests.comments.cast import PASSWORD

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "192.0.2.7", "192.0.2.8"
TRIES = 6
WRONG = "guessed"

Way = Callable[[str, str, str], bool]


def by_form(path: str) -> Way:
    def log_in(username: str, password: str, address: str) -> bool:
        client = Client(REMOTE_ADDR=address)
        answer = client.post(path, {"username": username, "password": password})
        assert answer.status_code in (200, 302)
        return "_auth_user_id" in client.session

    return log_in


def by_token(username: str, password: str, address: str) -> bool:
    body = {"username": username, "password": password}
    answer = Client(REMOTE_ADDR=address).post("/api/token/", body, "application/json")
    assert answer.status_code in (200, 401, 429)
    return answer.status_code == 200


WAYS: dict[str, Way] = {
    "the site": by_form("/login/"),
    "the admin": by_form("/admin/login/"),
    "the API": by_token,
}


@pytest.fixture(autouse=True)
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock: on a slow machine a try would be won back while the others are under way."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


@pytest.fixture(autouse=True)
def mona(settings: Any) -> User:
    settings.COMMENTS_RATE_LIMITS = True
    return User.objects.create_user("mona", password=PASSWORD, is_staff=True)


@pytest.fixture(params=list(WAYS.values()), ids=list(WAYS))
def log_in(request: pytest.FixtureRequest) -> Way:
    way: Way = request.param
    return way


def guess(log_in: Way, times: int, username: str = "mona", address: str = HERE) -> None:
    for _ in range(times):
        assert not log_in(username, WRONG, address)


def test_the_right_password_comes_too_late_after_six_wrong_ones(log_in: Way) -> None:
    guess(log_in, TRIES)

    assert not log_in("mona", PASSWORD, HERE)


def test_after_five_it_does_not_and_all_is_forgotten(log_in: Way) -> None:
    for _ in range(3):
        guess(log_in, TRIES - 1)
        assert log_in("mona", PASSWORD, HERE)


def test_no_other_way_in_and_no_other_spelling_is_open(log_in: Way) -> None:
    guess(log_in, TRIES)

    for way in WAYS.values():
        assert not way("mona", PASSWORD, HERE)
    User.objects.create_user("MONA", password=PASSWORD)
    assert not log_in("MONA", PASSWORD, HERE)


def test_neither_other_names_nor_other_addresses_are_locked(log_in: Way) -> None:
    User.objects.create_user("nora", password=PASSWORD, is_staff=True)
    guess(log_in, TRIES)

    assert log_in("nora", PASSWORD, HERE)
    assert log_in("mona", PASSWORD, ELSEWHERE)


def test_another_address_of_the_same_ipv6_network_is_locked_too(log_in: Way) -> None:
    guess(log_in, TRIES, address="2001:db8::1")

    assert not log_in("mona", PASSWORD, "2001:db8::2")
    assert log_in("mona", PASSWORD, "2001:db8:0:1::2")


def test_a_wider_ipv6_network_has_more_tries_but_not_without_end() -> None:
    for number in range(4):
        guess(by_token, TRIES, address=f"2001:db8:0:{number}::1")

    assert not by_token("mona", PASSWORD, "2001:db8:0:4::1")
    assert by_token("mona", PASSWORD, "2001:db8:0:100::1")


def test_a_name_that_nobody_has_is_locked_alike() -> None:
    answers = {}
    for name in ("mona", "nobody"):
        guess(by_form("/login/"), TRIES, name)
        page = Client(REMOTE_ADDR=HERE).post("/login/", {"username": name, "password": WRONG})
        answers[name] = page.context["form"].non_field_errors()
        assert "Too many attempts" in answers[name][0]
    assert answers["mona"] == answers["nobody"]


def test_many_names_from_one_address_are_too_many() -> None:
    for number in range(int(LOGINS_PER_ADDRESS.capacity)):
        guess(by_token, 1, f"somebody-{number}")

    assert not by_token("mona", PASSWORD, HERE)
    assert by_token("mona", PASSWORD, ELSEWHERE)


def test_it_ends_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    guess(by_token, TRIES)
    later = time.time() + 1 / LOGINS_PER_NAME.per_second + 1
    monkeypatch.setattr(time, "time", lambda: later)

    assert by_token("mona", PASSWORD, HERE)


class Broken(BaseBackend):
    """A backend of logins that raises an error."""

    def authenticate(self, *args: object, **kwargs: object) -> User | None:
        raise RuntimeError("The directory is out of reach.")


def test_no_report_of_a_failure_holds_the_password(log_in: Way, settings: Any) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.Broken"]
    with pytest.raises(RuntimeError) as raised:
        log_in("mona", PASSWORD, HERE)
    frames = ExceptionReporter(None, raised.type, raised.value, raised.tb).get_traceback_frames()
    ours = [
        frame for frame in frames if "/accounts/" in frame["filename"] and "/tests/" not in frame["filename"]
    ]

    assert {"check_password"} <= {frame["function"] for frame in ours}
    assert PASSWORD not in str([frame["vars"] for frame in ours])
