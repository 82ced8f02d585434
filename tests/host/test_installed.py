"""A project that has neither the blog nor its accounts installs the wheel, and its own pages are live."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.host.installing import EMAIL, PASSWORD, Host
from tests.page.room import comes, comment, write
from tests.services.logs import tracebacks_in

if TYPE_CHECKING:
    from tests.services.chromium import Pages
    from tests.services.process import Process

# All of them run where those with a browser do, for they share what was installed.
pytestmark = pytest.mark.browser
INFO = "live_comments-0.1.0.dist-info"  # what is known of the wheel itself
BACK_AGAIN = 60_000  # ms: the longest wait between two attempts to reconnect is 20 s
SEED = (
    "from people.models import Person\nfrom recipes.models import Recipe\n"
    "print(Recipe.objects.create(name='Plum cake', cook=Person.objects.get()).get_absolute_url())"
)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """The host project, with the wheel installed and its database migrated."""
    host = Host(tmp_path_factory.mktemp("host"))
    host.install()
    host.manage("makemigrations", "people", "recipes")
    host.manage("migrate", "--verbosity", "0")
    host.manage("createsuperuser", "--noinput", "--email", EMAIL, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    return host


@pytest.fixture
def start(host: Host) -> Iterator[Callable[..., Process]]:
    """Start a server of the host's, as its people would; it ends with the test."""
    started: list[Process] = []

    def start(*arguments: str) -> Process:
        started.append(host.new_server(*arguments))
        started[-1].start(host.answers)
        return started[-1]

    yield start
    for process in started:
        process.stop()
        assert tracebacks_in(process.log.read_text()) == []


@pytest.fixture
def path(host: Host) -> str:
    """The path of a recipe's page that nobody has commented on."""
    return host.manage("shell", "--no-imports", "-c", SEED).strip()


def enter(new_page: Pages, host: Host, path: str) -> Page:
    page = new_page(site=host)  # type: ignore[arg-type] # no more than its address is asked for
    page.goto(path)
    expect(page.locator(".comments-status")).to_have_text("Live")
    return page


def hide_in_the_admin(page: Page, text: str) -> None:
    """Log in to the project's own admin, and hide a comment there."""
    page.goto("/admin/comments/comment/?status__exact=visible")
    page.fill("#id_username", EMAIL)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.locator("#result_list tr", has_text=text).locator(".action-select").check()
    page.select_option("[name=action]", "hide")
    page.click("[name=index]")
    expect(page.locator(".messagelist")).to_have_text("1 comment changed.")


def test_the_wheel_holds_the_two_apps_and_all_that_belongs_to_them(host: Host) -> None:
    with zipfile.ZipFile(host.wheel) as wheel:
        files = set(wheel.namelist())
    assert {name.partition("/")[0] for name in files} == {"comments", "realtime", INFO}
    assert {
        "comments/migrations/0001_initial.py",
        "comments/management/commands/rotate_epoch.py",
        "comments/templates/comments/section.html",
        "comments/static/comments/comments.css",
        "comments/static/comments/js/page/main.js",
        "comments/static/comments/bundle/page.js",
    } <= files


def test_nothing_of_this_repository_can_be_imported_there(host: Host) -> None:
    found = "import importlib.util as u; print([n for n in {!r} if u.find_spec(n)])"
    names = ["blog", "accounts", "config", "tests", "csp", "whitenoise", "psycopg"]
    assert host.run("-c", found.format(names)).strip() == "[]"
    where = "import comments, realtime; print(comments.__file__, realtime.__file__)"
    assert host.run("-c", where).count("site-packages") == 2


def test_its_checks_are_silent_and_no_migration_is_missing(host: Host) -> None:
    host.manage("check", "--fail-level", "WARNING")
    host.manage("makemigrations", "--check", "--dry-run")


def test_two_people_meet_lose_the_connection_and_lose_a_comment_to_a_moderator(
    host: Host, start: Callable[..., Process], path: str, new_page: Pages
) -> None:
    server = start("-m", "uvicorn", "kitchen.asgi:application", "--port", str(host.port))
    anna, ben = enter(new_page, host, path), enter(new_page, host, path)
    anna.focus("#comment-content")
    anna.fill("#comment-name", "Anna")
    write(anna, "How many plums?")
    comment(ben, "How many plums?").locator(".comment-reply").click()
    ben.fill("#comment-name", "Ben")
    write(ben, "Twelve.")
    expect(anna.locator(".comment-replies .comment-text")).to_have_text("Twelve.")

    server.stop()
    expect(anna.locator(".comments-status")).not_to_have_text("Live")
    write(anna, "Thank you!")
    server.start(host.answers)
    for page in (anna, ben):
        expect(page.locator(".comments-status")).to_have_text("Live", timeout=BACK_AGAIN)
        comes(page, "Thank you!")

    chef = new_page(site=host)  # type: ignore[arg-type]
    hide_in_the_admin(chef, "Twelve.")
    for page in (anna, ben):
        expect(comment(page, "Twelve.")).to_have_count(0)
        expect(comment(page, "How many plums?")).to_be_visible()

    chef.goto(path)
    expect(chef.locator(".comments-status")).to_have_text("Live")
    write(chef, "Ten will do.")
    for page in (anna, ben):
        comes(page, "Ten will do.")
        expect(comment(page, "Ten will do.").locator(".comment-user")).to_have_text("chef")


def test_its_development_server_is_live_too(
    host: Host, start: Callable[..., Process], path: str, new_page: Pages
) -> None:
    start("manage.py", "runserver", "--noreload", f"127.0.0.1:{host.port}")
    anna, ben = enter(new_page, host, path), enter(new_page, host, path)
    anna.focus("#comment-content")
    anna.fill("#comment-name", "Anna")
    write(anna, "Is anybody here?")
    comes(ben, "Is anybody here?")

    address = f"{host.url}/community/api{path.replace('recipes', 'recipe')}events/"
    with httpx.stream("GET", address, timeout=60, trust_env=False) as stream:
        assert '"type":"welcome"' in next(line for line in stream.iter_lines() if line.startswith("data:"))
