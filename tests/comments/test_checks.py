"""The system checks: each mistake of a project is named, with the way to mend it."""

from __future__ import annotations

import sys
from copy import deepcopy
from importlib import import_module
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

from blog.models import Article
from comments import subjects
from comments.checks import NUMBERS, check_addresses, check_settings, check_subjects, check_surroundings
from comments.subjects import Subject
from realtime import routing
from realtime.checks import check_channel_layer, check_processes, check_server
from tests.comments.subjects import Groups, registered

Checks = list[CheckMessage]
CORE = "channels_redis.core.RedisChannelLayer"
REDIS = "channels_redis.pubsub.RedisPubSubChannelLayer"
IN_MEMORY = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
ALL = (
    *(check_addresses, check_settings, check_subjects, check_surroundings),
    *(check_channel_layer, check_server),
)


def ids(found: Checks) -> list[str | None]:
    """The ids of what was found; each has a sentence and a hint."""
    for message in found:
        assert message.msg.endswith("."), message
        assert message.hint is not None, message
        assert message.hint.endswith((".", '"')), message
    return [message.id for message in found]


def of_subject(**attributes: Any) -> list[str | None]:
    """What is wrong with a subject of groups that has these attributes."""
    with registered(type("Wrong", (Groups,), attributes)):
        return ids(check_subjects())


def without(words: list[str], *unwanted: str) -> list[str]:
    return [word for word in words if word not in unwanted]


def test_this_site_has_nothing_to_mend() -> None:
    assert [message for check in ALL for message in check()] == []


def test_no_subject_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "_subjects", [])
    assert ids(check_subjects()) == ["comments.W001"]


def test_a_model_of_the_projects_may_call_its_way_back_from_users_comments() -> None:
    assert not hasattr(User, "comments")
    assert not hasattr(User, "comment_set")


def test_a_subject_that_is_none() -> None:
    with registered(type("Alone", (), {"model": Group})):
        assert ids(check_subjects()) == ["comments.E001"]


@pytest.mark.parametrize("model", [None, "recipes.Recipe", Group(), int, Model])
def test_a_model_that_is_none(model: Any) -> None:
    assert of_subject(model=model) == ["comments.E002"]


def test_a_model_that_was_forgotten() -> None:
    with registered(type("Forgot", (Subject,), {})):
        assert ids(check_subjects()) == ["comments.E002"]


@pytest.mark.parametrize("word", ["a/b", "a b", "🫐", "é"])
def test_a_word_that_can_not_stand_in_an_address(word: str) -> None:
    assert of_subject(collection=word) == ["comments.E003"]
    assert of_subject(kind=word, collection="groups") == ["comments.E003"]


def test_a_key_field_that_is_none() -> None:
    assert of_subject(key_field="slug") == ["comments.E004"]


def test_a_key_field_that_two_objects_may_share() -> None:
    wrong = {"model": Permission, "key_field": "codename"}
    assert of_subject(**wrong) == ["comments.E005"]
    assert of_subject(**wrong, find=lambda self, key: None) == []


def test_a_page_whose_address_nobody_knows() -> None:
    assert of_subject(url=Subject.url) == ["comments.E006"]


@pytest.mark.parametrize("field", ["title", "permissions", "name__year__junk"])
def test_a_search_in_what_is_no_text(field: str) -> None:
    assert of_subject(search_fields=(field,)) == ["comments.E007"]


@pytest.mark.parametrize("words", [{"kind": "article"}, {"collection": "articles"}, {"kind": "articles"}])
def test_a_word_of_two_subjects(words: dict[str, str]) -> None:
    assert of_subject(**words) == ["comments.E008"]


def test_a_model_of_two_subjects() -> None:
    found = of_subject(model=Article, kind="essay", key_field="pk")
    assert found == ["comments.E009"]


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("COMMENTS_SOCKET_PREFIX", "a live/", "comments.E011"),
        ("COMMENTS_SOCKET_PREFIX", None, "comments.E011"),
        ("COMMENTS_NAME_OF", "nowhere.name_of", "comments.E012"),
        ("COMMENTS_NAME_OF", "comments.authors.MODERATE", "comments.E012"),
        ("USE_TZ", False, "comments.E013"),
        ("COMMENTS_RATES_CACHE", "nowhere", "comments.E016"),
    ],
)
def test_a_setting(name: str, value: object, id: str, settings: Any) -> None:
    setattr(settings, name, value)
    assert ids(check_settings()) == [id]


def test_addresses_that_are_included_nowhere(settings: Any) -> None:
    settings.ROOT_URLCONF = "blog.urls"
    assert ids(check_addresses()) == ["comments.E021", "comments.E022"]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("/accounts/login/", ["comments.W023"]),  # what Django has where a project says nothing
        ("login", []),
        ("/login/?how=quick", []),
        ("https://accounts.example.org/login", []),
    ],
)
def test_a_page_to_log_in_that_is_not_there(url: str, found: list[str], settings: Any) -> None:
    settings.LOGIN_URL = url
    assert ids(check_addresses()) == found


def test_an_asgi_application_of_a_project_without_the_app(settings: Any) -> None:
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "realtime"]
    with pytest.raises(ImproperlyConfigured, match='Add "realtime" to INSTALLED_APPS'):
        routing.with_live_comments(None)


@pytest.mark.parametrize(
    ("name", "unwanted", "id"),
    [
        ("INSTALLED_APPS", "django.contrib.sessions", "comments.E031"),
        ("MIDDLEWARE", "django.contrib.auth.middleware.AuthenticationMiddleware", "comments.E032"),
    ],
)
def test_what_comments_rest_on(name: str, unwanted: str, id: str, settings: Any) -> None:
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    setattr(settings, name, without(getattr(settings, name), unwanted))
    assert ids(check_surroundings()) == [id]


def test_templates_without_a_request(settings: Any) -> None:
    templates = deepcopy(settings.TEMPLATES)
    del templates[0]["OPTIONS"]["context_processors"][0]
    settings.TEMPLATES = templates
    assert ids(check_surroundings()) == ["comments.W033"]


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ({}, ["realtime.E001"]),
        ({"other": IN_MEMORY["default"]}, ["realtime.E001"]),
        (IN_MEMORY, []),
        ({"default": {"BACKEND": REDIS, "CONFIG": {"prefix": "kitchen"}}}, []),
        ({"default": {"BACKEND": REDIS}}, ["realtime.W003"]),
        (
            {
                "default": {
                    "BACKEND": "channels_redis.core.RedisChannelLayer",
                    "CONFIG": {"prefix": "kitchen"},
                }
            },
            ["realtime.W002"],
        ),
    ],
)
def test_the_channel_layer(layers: dict[str, Any], expected: list[str], settings: Any) -> None:
    settings.CHANNEL_LAYERS = layers
    assert ids(check_channel_layer()) == expected


def test_a_channel_layer_of_one_process_in_production(settings: Any) -> None:
    settings.CHANNEL_LAYERS = IN_MEMORY
    assert ids(check_processes()) == ["realtime.W004"]
    settings.DEBUG = True
    assert ids(check_processes()) == []


def test_a_development_server_without_an_application(settings: Any) -> None:
    settings.ASGI_APPLICATION = None
    assert ids(check_server()) == ["realtime.W005"]


def test_an_application_without_the_comments(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(routing, "made", set())
    settings.ASGI_APPLICATION = "django.core.handlers.asgi.ASGIHandler"
    assert ids(check_server()) == ["realtime.W006"]
    monkeypatch.setattr(routing, "made", {"http"})
    assert ids(check_server()) == ["realtime.W006"]
    settings.ASGI_APPLICATION = "config.nowhere.application"
    assert ids(check_server()) == ["realtime.W008"]


def test_the_applications_of_this_project_are_made_by_its_module() -> None:
    import_module("config.asgi")
    assert routing.made == {"http", "websocket"}


def test_a_development_server_that_is_djangos_own(settings: Any, monkeypatch: Any) -> None:
    settings.DEBUG = True
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "daphne"]
    assert ids(check_server()) == ["realtime.W007"]
    settings.DEBUG = False
    assert ids(check_server()) == []
    monkeypatch.setattr(sys, "argv", ["manage.py", "runserver"])
    assert ids(check_server()) == ["realtime.W007"]


@pytest.mark.parametrize(
    "kinds", ["👍", [""], ["x" * 33], [1], None, ["👍", "👍"], ["thumbs up"], ["+1/-1"], [".."]]
)
def test_reactions_that_are_no_list_of_emojis(settings: Any, kinds: Any) -> None:
    settings.COMMENTS_REACTIONS = kinds
    assert ids(check_settings()) == ["comments.E015"]


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [-1, "15 min", None, True, float("inf"), float("nan")])
def test_a_number_that_is_none(settings: Any, name: str, value: Any) -> None:
    setattr(settings, name, value)
    assert ids(check_settings()) == ["comments.E014"]
