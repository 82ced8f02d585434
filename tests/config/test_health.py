"""A probe learns whether the process is alive and what it reaches, whatever host or scheme it uses."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client, override_settings

from tests.services.redis import RedisServer
from tests.services.site import AppServer

PROBES = ["/healthz", "/readyz"]
LOOKS, AT_ONCE = 5, 0.4  # probes; s, which is less than the wait for Redis


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["10.0.0.7", "10.0.0.7:8000", "evil.example.org", "[::2]", "a_b", ""])
def test_a_probe_may_name_any_host(host: str) -> None:
    for probe in PROBES:
        assert Client().get(probe, headers={"Host": host}).status_code == 200
    assert Client().get("/", headers={"Host": host}).status_code == 400


@pytest.mark.django_db
def test_a_probe_may_speak_http_where_the_site_speaks_https() -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert [Client().get(probe).status_code for probe in PROBES] == [200, 200]
        assert Client().get("/").status_code == 301


@pytest.mark.django_db
def test_nothing_else_is_a_probe() -> None:
    for probe in PROBES:
        assert Client().head(probe).status_code == 200
        assert Client().post(probe).status_code == 404
        assert Client().get(f"{probe}/").status_code == 404


def test_a_site_with_everything_is_ready(
    app_server: Callable[..., AppServer], database_url: str, redis_server: RedisServer
) -> None:
    site = app_server(database_url=database_url, redis=redis_server)
    with site.client() as http:
        answer = http.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"state": "ready"})
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("fault", [RedisServer.stop, RedisServer.pause])
def test_without_redis_a_site_is_degraded_and_says_so_in_time(
    app_server: Callable[..., AppServer],
    database_url: str,
    new_redis: Callable[[], RedisServer],
    fault: Callable[[RedisServer], None],
) -> None:
    redis = new_redis()
    site = app_server(database_url=database_url, redis=redis)
    fault(redis)
    with site.client() as http:
        answers = [(time.monotonic(), http.get("/healthz"), time.monotonic()) for _ in range(LOOKS)]
        answer = http.get("/readyz")

    assert {(alive.status_code, alive.text) for _, alive, _ in answers} == {(200, "ok\n")}
    # A probe that asked Redis would be late each time; on a busy machine a probe is late now and then.
    assert min(ended - begun for begun, _, ended in answers) < AT_ONCE
    assert (answer.status_code, answer.json()) == (200, {"state": "degraded"})
    assert site.log().count("degraded: database answers, Redis out of reach") == 1


def test_without_its_database_a_site_is_down_and_its_process_alive(
    app_server: Callable[..., AppServer], tmp_path: Path
) -> None:
    site = app_server(database_url=f"sqlite:///{tmp_path / 'gone.sqlite3'}")
    with site.client() as http:
        answer = [http.get("/readyz") for _ in range(3)][-1]

        assert (answer.status_code, answer.json()) == (503, {"state": "down"})
        assert http.get("/healthz").status_code == 200
    assert "Traceback" not in site.log()
    assert site.log().count("down: database out of reach") == 1
