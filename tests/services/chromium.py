"""A real Chromium, driven through Playwright, and pages of the site in it."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from tests.services.finding import CHROMIUM, find_chromium
from tests.services.site import AppServer

# Switch off Chromium's own requests to its makers: on a closed network each of them would wait.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 30_000  # ms that a test waits for something to appear
REFUSED = ("Content Security Policy", "Refused to ")

expect.set_options(timeout=PATIENCE)  # Playwright's own 5 s are not enough where other tests run beside


def arguments() -> list[str]:
    """How Chromium is started; its sandbox does not work for root."""
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run one browser."""
    program = find_chromium()
    if program is None:
        raise FileNotFoundError(CHROMIUM.advice)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments())
        yield browser
        browser.close()


class Pages:
    """Opens pages, each with cookies and storage of its own, and records the errors in them.

    Args:
        browser: where they open.
        get_site: which site they belong to, when none is named.
    """

    def __init__(self, browser: Browser, get_site: Callable[[], AppServer]) -> None:
        self._browser = browser
        self._get_site = get_site
        self.opened: list[Page] = []
        self.errors: list[str] = []

    def __call__(
        self,
        user: str | None = None,
        *,
        site: AppServer | None = None,
        allow_errors: bool = False,
        **options: Any,
    ) -> Page:
        """Open an empty page, where `page.goto("/articles/hello-live-comments/")` takes paths of the site.

        Args:
            user: the demo user who is logged in; None is an anonymous reader.
            site: the site, if it is not `live_site`.
            allow_errors: whether uncaught errors in the page are expected; otherwise they fail the test.
            options: of Playwright's `Browser.new_context`: color_scheme, viewport, java_script_enabled, ….
        """
        site = site or self._get_site()
        context = self._browser.new_context(base_url=site.url, **options)
        context.set_default_timeout(PATIENCE)
        if user is not None:
            with site.client(user) as client:
                context.add_cookies(
                    [{"name": k, "value": v, "url": site.url} for k, v in client.cookies.items()]
                )
        page = context.new_page()
        if not allow_errors:
            page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error.stack or error}"))
            page.on("console", self._take)
        self.opened.append(page)
        return page

    def picture(self, directory: Path, name: str) -> list[str]:
        """Take a picture of each page that is open, and return a line about each."""
        directory.mkdir(exist_ok=True)
        stem = re.sub(r"[^A-Za-z0-9_.-]+", "-", name)
        return [
            _take_picture(page, directory / f"{stem}-{number}.png")
            for number, page in enumerate(self.opened, start=1)
            if not page.is_closed()
        ]

    def close(self) -> None:
        for page in self.opened:
            page.context.close()

    def _take(self, message: ConsoleMessage) -> None:
        # Chromium logs a failed request as an error too. It is none here: tests take servers away.
        if message.type == "error" and any(words in message.text for words in REFUSED):
            self.errors.append(message.text)


def _take_picture(page: Page, path: Path) -> str:
    try:
        page.screenshot(path=path, timeout=PATIENCE / 2)
    except Error as error:
        return f"{page.url}: no picture: {error}"
    return f"{page.url}: {path}"
