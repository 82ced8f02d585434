"""The real servers, in cases where Django's test client behaves differently."""

import json
import re
import uuid
from collections.abc import Callable

import pytest

from tests.services.site import AppServer, Server


@pytest.mark.parametrize("server", ["uvicorn", "daphne"])
def test_three_megabytes_of_json_are_refused_and_the_server_goes_on(
    server: Server, demo_database_url: str, app_server: Callable[..., AppServer]
) -> None:
    site = app_server(database_url=demo_database_url, server=server)
    address = "/api/articles/hello-live-comments/comments/"
    comment = {"content": "Hello.", "ref": str(uuid.uuid4())}
    with site.client() as client:
        client.headers = {
            "Authorization": f"Token {site.token('reader1')}",
            "Content-Type": "application/json",
        }
        large = client.post(address, content=json.dumps({**comment, "junk": "x" * 3_000_000}))
        deep = client.post(address, content="[" * 100_000)
        small = client.post(address, content=json.dumps(comment))

    assert (large.status_code, large.json()["reason"]) == (413, "too_long")
    assert (deep.status_code, deep.json()["reason"]) == (400, "bad_json")
    assert small.status_code == 201
    assert "Traceback" not in site.log()


def test_a_worker_says_that_it_is_alive_and_ready(
    app_server: Callable[..., AppServer], database_url: str
) -> None:
    site = app_server(database_url=database_url)
    with site.client() as client:
        alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, alive.text) == (200, "ok\n")
    assert (ready.status_code, ready.json()) == (200, {"state": "ready"})
    assert alive.headers["cache-control"] == ready.headers["cache-control"] == "no-store"


def test_the_script_of_a_page_goes_out_as_small_as_the_browser_can_read_it(live_site: AppServer) -> None:
    with live_site.client() as client:
        page = client.get("/articles/hello-live-comments/").text
        (address,) = re.findall(r'<script type="module" src="(/static/comments/[^"]+\.js)"', page)
        answers = {
            known: client.get(address, headers={"accept-encoding": known})
            for known in ("gzip, deflate, br, zstd", "gzip, deflate", "identity")
        }

    plain = answers["identity"]
    assert [answer.headers.get("content-encoding") for answer in answers.values()] == ["br", "gzip", None]
    assert {answer.text for answer in answers.values()} == {plain.text}
    sizes = [int(answer.headers["content-length"]) for answer in answers.values()]
    assert sizes == sorted(sizes)
    assert all("Accept-Encoding" in answer.headers["vary"] for answer in answers.values())
    assert "StreamingHttpResponse" not in live_site.log()  # Django's warning of files that are read in one go


def test_an_operator_is_told_where_the_site_is_served(live_site: AppServer) -> None:
    assert live_site.log().startswith(
        f"{live_site.url} is served on http://127.0.0.1:{live_site.port} by 1 process."
    )
