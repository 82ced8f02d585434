"""Runs the project's JavaScript modules in a browser, for tests that need no page of the site."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route

from tests.services.chromium import chromium
from tests.services.process import ROOT

SITE = "http://modules.test"  # exists only in this browser: `serve` answers for it
CALL = "async ([module, name, argument]) => (await import(module))[name](argument)"


def serve(route: Route) -> None:
    """Answer from the project's own files."""
    path = urlsplit(route.request.url).path
    if path == "/":
        route.fulfill(content_type="text/html", body="<!doctype html><title>Tests</title>")
        return
    file = ROOT / path.lstrip("/")
    kind = "text/javascript" if file.suffix in (".js", ".mjs") else mimetypes.guess_type(file)[0]
    route.fulfill(content_type=kind, body=file.read_text())


def empty_page(browser: Browser) -> Page:
    """A page that can import the project's modules, by their path in the project."""
    context = browser.new_context()
    context.route(f"{SITE}/**", serve)
    page = context.new_page()
    page.goto(f"{SITE}/")
    return page


def address_of(module: Path) -> str:
    return f"/{module.relative_to(ROOT)}"


class JavaScript:
    """Calls functions of modules, which keep their state between calls.

    The browser has a thread of its own: Playwright keeps an event loop running in its thread, and there
    Django's ORM would refuse to work.
    """

    def __init__(self, thread: Executor, page: Page) -> None:
        self._thread = thread
        self._page = page

    def call(self, module: Path, name: str, argument: Any = None) -> Any:
        """Call the module's function of this name with one argument; that and the result travel as JSON."""
        return self._thread.submit(self._page.evaluate, CALL, [address_of(module), name, argument]).result()


@contextmanager
def javascript() -> Iterator[JavaScript]:
    """Run a browser in another thread."""
    with ThreadPoolExecutor(1) as thread, ExitStack() as stack:
        browser = thread.submit(stack.enter_context, chromium()).result()
        yield JavaScript(thread, thread.submit(empty_page, browser).result())
        thread.submit(stack.close).result()
