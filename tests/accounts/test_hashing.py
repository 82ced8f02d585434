"""However many people log in at once, few passwords are hashed at once, beside what readers need."""

from __future__ import annotations

import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, ClassVar

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password
from django.test import Client
from django.utils.module_loading import import_string

from accounts.hashing import AT_ONCE, LOGINS, MOST_LOGINS, MOST_LOGINS_OF_NETWORK, HasherInTurn
from config import settings as of_the_site
from tests.accounts.cast import PASSWORD, make_nora

HERE = "192.0.2.7"


class Watched(HasherInTurn):
    """The hasher, with a note of each thread that hashes, and of the thread's priority."""

    algorithm = "watched"
    iterations = 10
    threads: ClassVar[dict[str, int]] = {}

    @staticmethod
    def digest() -> Any:
        thread = threading.current_thread()
        Watched.threads[thread.name] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
        return hashlib.sha256()


@pytest.fixture(autouse=True)
def _nobody_before() -> None:
    Watched.threads.clear()


def test_the_site_hashes_with_it() -> None:
    [path] = of_the_site.PASSWORD_HASHERS
    assert import_string(path) is HasherInTurn
    assert HasherInTurn.algorithm == PBKDF2PasswordHasher.algorithm


def test_sixty_at_once_are_hashed_by_few_threads_of_low_priority(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Watched"]
    with ThreadPoolExecutor(60) as people:
        hashes = list(people.map(make_password, [PASSWORD] * 60))
        assert all(people.map(check_password, [PASSWORD] * 60, hashes))

    assert 1 <= len(Watched.threads) <= AT_ONCE
    assert all(name.startswith("passwords") for name in Watched.threads)
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert set(Watched.threads.values()) == {min(19, own + 10)}


def test_a_hash_is_the_one_that_django_makes() -> None:
    ours, djangos = HasherInTurn(), PBKDF2PasswordHasher()
    assert ours.encode(PASSWORD, "salt", 10) == djangos.encode(PASSWORD, "salt", 10)


def try_to_log_in(address: str, password: str = PASSWORD) -> list[str]:
    """What each way to log in says: "in", "wrong" or "busy"."""
    browser = Client(REMOTE_ADDR=address)
    form = {"username": "nora", "password": password}
    said = []
    for path in ("/login/", "/admin/login/"):
        answer = browser.post(path, form)
        said.append(
            "in" if answer.status_code == 302 else answer.context["form"].non_field_errors().as_text()
        )
        browser.logout()
    answer = browser.post("/api/token/", form, "application/json")
    said.append("in" if answer.status_code == 200 else f"{answer.status_code} {answer.json()['message']}")
    return ["busy" if "Many people are logging in" in words else words for words in said]


@pytest.mark.django_db
def test_who_finds_no_place_is_refused_at_once_on_every_way() -> None:
    make_nora()
    with ExitStack() as others:
        for number in range(MOST_LOGINS):
            assert try_to_log_in(HERE) == ["in"] * 3
            others.enter_context(LOGINS.place(f"another {number}"))
        assert try_to_log_in(HERE) == ["busy"] * 3

        answer = Client().post("/api/token/", {"username": "nora", "password": PASSWORD}, "application/json")
        assert (answer.status_code, answer.json()["reason"]) == (503, "busy")
        assert int(answer.headers["Retry-After"]) > 0
    assert try_to_log_in(HERE) == ["in"] * 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("addresses", "elsewhere"),
    [((HERE,), "192.0.2.8"), (("2001:db8::1", "2001:db8:0:ffff::1"), "2001:db8:1::1")],
    ids=["IPv4", "IPv6"],
)
def test_one_network_leaves_places_to_others(addresses: tuple[str, ...], elsewhere: str) -> None:
    make_nora()
    with ExitStack() as others:
        for _ in range(MOST_LOGINS_OF_NETWORK):
            others.enter_context(LOGINS.place("2001:db8::/48" if ":" in elsewhere else HERE))
        for address in addresses:
            assert try_to_log_in(address) == ["busy"] * 3
        assert try_to_log_in(elsewhere) == ["in"] * 3


@pytest.mark.django_db
def test_a_wrong_password_gives_its_place_back() -> None:
    make_nora()
    for _ in range(MOST_LOGINS):
        for said in try_to_log_in(HERE, "guessed"):
            assert said != "busy"
    assert try_to_log_in("192.0.2.9") == ["in"] * 3
