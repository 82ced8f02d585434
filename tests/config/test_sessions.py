"""A session cookie of junk names nobody, on every database; the staff's sessions are short ones."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string


@pytest.mark.parametrize("key", ["abcdefghij\x00k", "x" * 5000, "' OR 1=1 --"])
@pytest.mark.django_db
def test_a_junk_session_is_no_session(key: str) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = key
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("key", ["abcdefghij\x00k", "' OR 1=1 --", "ключключключ"])
def test_a_junk_key_is_dropped_before_any_database_sees_it(key: str) -> None:
    # PostgreSQL fails at a NUL and SQLite does not, so the answer of a page would show a failure on one only.
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    assert store(key).session_key is None


def log_in(browser: Client, name: str, *, is_staff: bool = False) -> None:
    user = User(username=name, is_staff=is_staff)
    user.set_password("plum-stone")
    user.save()
    answer = browser.post("/login/", {"username": name, "password": "plum-stone"})
    assert answer.status_code == 302


def ends_at(browser: Client) -> datetime:
    return Session.objects.get(pk=browser.session.session_key).expire_date


@pytest.mark.django_db
def test_a_session_of_the_staff_ends_with_the_browser_or_half_a_day_after_the_login() -> None:
    browser = Client()
    log_in(browser, "maud", is_staff=True)
    end = ends_at(browser)
    assert timedelta(0) < timezone.now() + timedelta(hours=12) - end < timedelta(minutes=5)
    assert browser.cookies["sessionid"]["max-age"] == ""

    session = browser.session
    session["read"] = "much"  # however busy somebody is
    session.save()
    assert ends_at(browser) == end
    Session.objects.update(expire_date=timezone.now())
    assert "_auth_user_id" not in browser.session


@pytest.mark.django_db
def test_readers_stay_logged_in_for_two_weeks() -> None:
    browser = Client()
    log_in(browser, "rita")

    assert ends_at(browser) - timezone.now() > timedelta(days=13)
    assert browser.cookies["sessionid"]["max-age"] == settings.SESSION_COOKIE_AGE
