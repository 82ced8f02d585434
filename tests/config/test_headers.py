"""The headers of every answer that tell browsers what a page may do."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests.services.process import ROOT
from tests.services.site import production

SHOW = """
import json
from django.conf import settings
names = [
    "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS",
    "CSRF_TRUSTED_ORIGINS", "ALLOWED_HOSTS", "CONTENT_SECURITY_POLICY", "REST_FRAMEWORK",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME",
]
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def settings_of(site_url: str, **variables: str) -> dict[str, object]:
    """The settings of a site at this address."""
    import json

    done = subprocess.run(  # noqa: S603 - the command is the tests' own
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env=production(
            SITE_URL=site_url, DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH=".", **variables
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    shown: dict[str, object] = json.loads(done.stdout)
    return shown


def directives(policy: str) -> dict[str, list[str]]:
    parts = (directive.split() for directive in policy.split(";"))
    return {name: values for name, *values in filter(None, parts)}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/login/", "/admin/login/", "/api/articles/", "/nothing-here/"])
def test_every_answer_has_a_strict_content_policy_and_its_companions(address: str) -> None:
    answer = Client().get(address)
    policy = directives(answer["Content-Security-Policy"])

    assert "unsafe" not in answer["Content-Security-Policy"]
    assert policy["default-src"] == ["'self'"]
    assert policy["img-src"] == ["'self'", "data:"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    # A policy has no way to name an address of IPv6.
    own = {origin.replace("http", "ws", 1) for origin in settings.SITE_ORIGINS if "[" not in origin}
    assert set(policy["connect-src"]) == {"'self'", *own}
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_https_in_the_address_brings_secure_cookies_hsts_and_secure_sockets() -> None:
    site = settings_of("https://blog.example.org")

    assert site["SESSION_COOKIE_SECURE"] is site["CSRF_COOKIE_SECURE"] is site["SECURE_SSL_REDIRECT"] is True
    assert site["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert site["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is site["SECURE_HSTS_PRELOAD"] is False
    names = (site["SESSION_COOKIE_NAME"], site["CSRF_COOKIE_NAME"])
    assert names == ("__Host-sessionid", "__Host-csrftoken")
    assert site["CSRF_TRUSTED_ORIGINS"] == ["https://blog.example.org"]
    assert site["ALLOWED_HOSTS"] == ["blog.example.org"]
    policy = site["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]  # type: ignore[index]
    assert policy["connect-src"] == ["'self'", "wss://blog.example.org"]


@pytest.mark.parametrize(("hsts", "preload"), [("subdomains", False), ("preload", True)])
def test_hsts_speaks_for_the_names_below_where_the_operator_says_so(hsts: str, preload: bool) -> None:
    site = settings_of("https://blog.example.org", HSTS=hsts)

    assert (site["SECURE_HSTS_INCLUDE_SUBDOMAINS"], site["SECURE_HSTS_PRELOAD"]) == (True, preload)


def test_http_in_the_address_means_none_of_it() -> None:
    site = settings_of("http://127.0.0.1:8123")

    assert site["SESSION_COOKIE_SECURE"] is site["CSRF_COOKIE_SECURE"] is site["SECURE_SSL_REDIRECT"] is False
    assert site["SECURE_HSTS_SECONDS"] == 0
    assert (site["SESSION_COOKIE_NAME"], site["CSRF_COOKIE_NAME"]) == ("sessionid", "csrftoken")
    policy = site["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]  # type: ignore[index]
    assert policy["connect-src"] == ["'self'", "ws://127.0.0.1:8123"]


def test_the_api_answers_in_json_and_nothing_else() -> None:
    site = settings_of("https://blog.example.org")
    framework = site["REST_FRAMEWORK"]

    assert framework["DEFAULT_RENDERER_CLASSES"] == ["rest_framework.renderers.JSONRenderer"]  # type: ignore[index]


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused() -> None:
    for host in ("evil.example.org", "127.0.0.1.evil.example.org", "testserver,evil"):
        assert Client().get("/", headers={"Host": host}).status_code == 400
