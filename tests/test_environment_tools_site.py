"""The servers and pages of the tests are the real ones, and their failures are noticed."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.services.chromium import Pages
from tests.services.ports import listens
from tests.services.site import AppServer, Server


@pytest.mark.parametrize("server", ["uvicorn", "runserver", "daphne"])
def test_each_server_serves_the_site_until_it_is_stopped(
    server: Server, app_server: Callable[..., AppServer], database_url: str
) -> None:
    site = app_server(database_url=database_url, server=server)

    assert site.client().get("/").is_success
    site.stop()
    assert not listens(site.port)


def test_a_server_comes_back_on_its_port_with_its_data(
    app_server: Callable[..., AppServer], demo_database_url: str
) -> None:
    site = app_server(database_url=demo_database_url)
    site.restart()

    assert site.client().get("/articles/hello-live-comments/").is_success


def test_a_server_that_cannot_start_says_why(
    app_server: Callable[..., AppServer], database_url: str, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="SITE_URL is 'nowhere'"):
        app_server(database_url=database_url, environment={"SITE_URL": "nowhere"})


def test_a_killed_server_leaves_no_worker(
    app_server: Callable[..., AppServer], database_url: str, new_redis: Callable[[], object]
) -> None:
    site = app_server(database_url=database_url, redis=new_redis(), environment={"WORKERS": "2"})
    site.kill()

    assert not listens(site.port)


def test_demo_users_log_in(live_site: AppServer) -> None:
    with live_site.client("admin") as admin:
        assert "Site administration" in admin.get("/admin/").text


def test_production_serves_static_files_under_hashed_names(live_site: AppServer) -> None:
    page = live_site.client().get("/").text
    names = [word.split('"')[0] for word in page.split('"/static/')[1:]]

    assert names
    for name in names:
        answer = httpx.get(f"{live_site.url}/static/{name}", trust_env=False)
        assert answer.headers["cache-control"].endswith("immutable")


def test_a_page_belongs_to_who_is_logged_in(new_page: Pages) -> None:
    anonymous, admin = new_page(), new_page("admin")

    anonymous.goto("/admin/")
    admin.goto("/admin/")

    assert "/login/" in anonymous.url
    assert admin.url.endswith("/admin/")


def test_an_uncaught_error_in_a_page_is_kept(browser: Browser, live_site: AppServer) -> None:
    pages = Pages(browser, get_site=lambda: live_site)
    page = pages()
    page.goto("/")

    with page.expect_event("pageerror"):
        page.evaluate("() => void setTimeout(() => { throw new Error('ink is out') })")

    assert "ink is out" in pages.errors[0]
    pages.close()


def test_what_the_content_policy_refuses_is_kept(browser: Browser, live_site: AppServer) -> None:
    pages = Pages(browser, get_site=lambda: live_site)
    page = pages()
    page.goto("/")

    with page.expect_event("console", lambda message: message.type == "error"):
        page.evaluate("() => document.body.setAttribute('style', 'color: red')")

    assert "Content Security Policy" in pages.errors[0]
    pages.close()


def test_a_picture_shows_each_open_page(new_page: Pages, tmp_path: Path) -> None:
    new_page().goto("/")
    new_page().goto("/")

    new_page.picture(tmp_path, "a name: with signs")

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a-name-with-signs-1.png",
        "a-name-with-signs-2.png",
    ]
