"""The page about an error, in development, shows no secret, and nobody but this machine sees it."""

import subprocess
import sys

import pytest

from tests.services.process import ROOT
from tests.services.site import production

SECRETS = {
    "SECRET_KEY": "key-of-plums'&<pears>-and-some-more-0123456789-abcdefghij",
    "DATABASE_URL": "postgres://me:quince%27s%2Fstone@127.0.0.1:1/blog?sslpassword=medlar-stalk",
    "REDIS_URL": "redis://me:currant%26leaf@127.0.0.1:1/0?ssl_password=sloe-thorn",
}
WORDS = ("plums", "quince", "medlar", "currant", "sloe")
SHOW = """
import django, sys
django.setup()
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import path
from django.views.debug import SafeExceptionReporterFilter
from config.environment import read_environment

def fail(request):
    environment, variables = read_environment(), dict(vars(read_environment()))
    params, options = connection.get_connection_params(), cache._options
    layer, address = vars(get_channel_layer()), "redis://:currant%26leaf@127.0.0.1:1"
    raise ValueError("the bottom of the page")

settings.ROOT_URLCONF = type("Urls", (), {"urlpatterns": [path("", fail)]})
for host in sys.argv[1:]:
    answer = Client(raise_request_exception=False).get("/", headers={"Host": host})
    print(answer.status_code, len(answer.content))
    print(answer.content.decode())
print("SETTINGS", SafeExceptionReporterFilter().get_safe_settings())
"""


@pytest.fixture(scope="module")
def shown() -> str:
    done = subprocess.run(  # noqa: S603 - the command is the tests' own
        [sys.executable, "-c", SHOW, "evil.example.org", "localhost:8000"],
        cwd=ROOT,
        env=production(**SECRETS, DEBUG="on", DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH="."),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_no_secret_is_among_its_settings_or_its_variables(shown: str) -> None:
    assert "the bottom of the page" in shown
    assert "<td>params</td>" in shown  # the variables of our function
    assert "CHANNEL_LAYERS" in shown  # the settings
    assert [word for word in WORDS if word in shown] == []


def test_no_setting_has_a_secret_where_django_would_not_know_it(shown: str) -> None:
    settings = shown.partition("SETTINGS")[2]
    assert "redis://127.0.0.1:1/0" in settings
    assert [word for word in WORDS if word in settings] == []


def test_who_names_another_host_gets_a_word_and_no_page(shown: str) -> None:
    assert shown.startswith("400 12\nBad Request\n")
