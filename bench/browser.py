"""A headless Chromium that pretends to be a phone or a desktop, and says what pages cost it."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.errors import BenchError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_PLACES = "~/.cache/ms-playwright/chromium-*/chrome-linux*/chrome"
QUIET = (  # Chromium's own requests to its makers would disturb, and on a closed network wait
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE = 120_000  # ms, on a busy machine


@dataclass(frozen=True)
class Profile:
    """A device and its network: how many times slower its CPU is, round trip in ms, Mbit/s down and up."""

    name: str
    width: int
    height: int
    is_mobile: bool
    slower: float
    round_trip: float
    down: float
    up: float

    @property
    def told(self) -> str:
        return (
            f"{self.name}: {self.width} x {self.height}, CPU {self.slower:g} times slower, "
            f"{self.round_trip:g} ms round trip, {self.down:g} Mbit/s"
        )


PROFILES = (
    Profile("desktop", 1280, 800, False, 1, 40, 10, 5),
    # The throttling that Lighthouse calls slow 4G, and its mid-range phone.
    Profile("phone", 390, 844, True, 4, 150, 1.6, 0.75),
)

# Before any script of the page: what the page can say of itself only while it happens.
WATCH = """
window.benchShifts = 0;
new PerformanceObserver((list) => {
  for (const {value} of list.getEntries()) window.benchShifts += value;
}).observe({type: "layout-shift", buffered: true});
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run one browser. Raises BenchError where there is none."""
    from playwright.sync_api import sync_playwright

    found = [place for name in NAMES if (place := shutil.which(name))]
    found += sorted(glob.glob(os.path.expanduser(PLAYWRIGHT_PLACES)), reverse=True)
    if not found:
        raise BenchError("There is no Chromium: install it, or run `playwright install chromium`.")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # it does not work for root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found[0], args=[*QUIET, *sandbox])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(browser: Browser, profile: Profile, *, network: bool) -> Iterator[tuple[Page, CDPSession]]:
    """An empty page with an empty cache, on the profile's device; `network`: and on its network, too."""
    context = browser.new_context(
        viewport={"width": profile.width, "height": profile.height},
        is_mobile=profile.is_mobile,
        has_touch=profile.is_mobile,
    )
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WATCH)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": profile.slower})
    if network:
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", _conditions(profile))
    try:
        yield page, devtools
    finally:
        context.close()


def _conditions(profile: Profile) -> dict[str, Any]:
    return {
        "offline": False,
        "latency": profile.round_trip,
        "downloadThroughput": profile.down * 1e6 / 8,
        "uploadThroughput": profile.up * 1e6 / 8,
    }
