"""Measures the article's page in a browser: what it costs to open, to keep live, and to come back to."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bench.browser import PROFILES, Profile, chromium, open_page
from bench.errors import BenchError
from bench.page_figures import Burst, Comeback, Cost, Files, Load, PageFigures
from bench.relay import Relay
from bench.servers import Server, Site
from bench.swarm import Swarm
from bench.texts import site_post
from bench.thread import SLUG
from bench.trace import scripting_by_frame, tracing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATH = f"/articles/{SLUG}/"
SOCKET = f"/ws/article/{SLUG}/"
LOADS = 3  # of which the median counts
BURST, SECONDS = 200, 5.0  # comments, and the s in which they come
MISSED = 20  # comments that come while the reader is offline
PATIENCE = 120.0  # s for the page to show what it must, on a busy machine
LOOK = 20  # ms between two looks at it
SETTLED = 0.5  # s in which a page that is to be at rest draws for the last time
PLACES = {
    "in the article": "scrollTo(0, 60)",
    "at the top": "document.querySelector('#comments').scrollIntoView({behavior: 'instant'})",
    "in the middle": "document.querySelectorAll('.comment')[12].scrollIntoView({behavior: 'instant'})",
}
COUNT = "Number(document.querySelector('.comments-count').textContent.replace(/\\D/g, ''))"
IS_LIVE = "document.querySelector('.comments-status').textContent === 'Live'"
LOADED = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const resources = performance.getEntriesByType("resource");
  const all = [page, ...resources];
  const sum = (entries, what) => entries.reduce((total, entry) => total + entry[what], 0);
  const files = (end) => {
    const found = resources.filter(({name}) => new URL(name).pathname.endsWith(end));
    return [found.length, sum(found, "encodedBodySize")];
  };
  return {
    first_byte: page.responseStart,
    first_paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    last: Math.max(...all.map(({responseEnd}) => responseEnd)),
    requests: all.length,
    sent: sum(all, "transferSize"),
    raw: sum(all, "decodedBodySize"),
    nodes: document.querySelectorAll("*").length,
    html: [page.encodedBodySize, page.decodedBodySize],
    scripts: files(".js"), styles: files(".css"), fonts: files(".woff2"),
  };
}"""


def measure_page(
    site: Site, tokens: Sequence[str], comments: int, offline: float, say: Callable[[str], None]
) -> PageFigures:
    """Fill an article with `comments`, and open it as a desktop and as a phone.

    tokens: of those who write while it is open. offline: s without a network.
    Raises BenchError where there is no browser, or the page does not come to show what it must.
    """
    say(f"an article with {comments:,} comments")
    site.run("bench.thread", "fill", str(comments))
    costs = {name: Cost(**cost) for name, cost in site.run("bench.thread", "ask").items()}
    server = site.start()
    figures = PageFigures(comments, BURST, SECONDS, MISSED, offline, costs)
    with chromium() as browser:
        for profile in PROFILES:
            say(f"{profile.name}: opening the article")
            found = [_load(browser, profile, server) for _ in range(LOADS)]
            figures.loads.append(_median(profile, found))
            figures.files = _files(found[-1])
            say(f"{profile.name}: {BURST} comments in {SECONDS:g} s")
            figures.bursts += _bursts(browser, profile, server, tokens)
        say(f"offline for {offline:g} s")
        figures.comeback = _come_back(browser, server, tokens, offline)
    site.stop()
    return figures


def _load(browser: Browser, profile: Profile, server: Server) -> dict[str, Any]:
    with open_page(browser, profile, network=True) as (page, _):
        page.goto(f"http://127.0.0.1:{server.port}{PATH}", wait_until="load")
        _wait(page, IS_LIVE)
        loaded: dict[str, Any] = page.evaluate(LOADED)
        return loaded


def _median(profile: Profile, found: Sequence[dict[str, Any]]) -> Load:
    names = ("first_byte", "first_paint", "last", "requests", "sent", "raw", "nodes")
    middle = {name: statistics.median(each[name] for each in found) for name in names}
    return Load(profile=profile.told, **middle)


def _files(loaded: dict[str, Any]) -> Files:
    (scripts, script_bytes), (styles, style_bytes) = loaded["scripts"], loaded["styles"]
    html, raw_html = loaded["html"]
    return Files(scripts, script_bytes, styles, style_bytes, loaded["fonts"][1], html, raw_html)


def _bursts(browser: Browser, profile: Profile, server: Server, tokens: Sequence[str]) -> list[Burst]:
    """What comments cost the page that come while somebody reads it, at each place."""
    bursts = []
    for place, go in PLACES.items():
        with open_page(browser, profile, network=False) as (page, devtools):
            page.goto(f"http://127.0.0.1:{server.port}{PATH}")
            _wait(page, IS_LIVE)
            page.evaluate(go)
            before = page.evaluate(COUNT)
            page.wait_for_timeout(1000 * SETTLED)
            shifts = page.evaluate("window.benchShifts")
            with tracing(devtools) as events:
                _post(server.port, tokens, BURST, SECONDS)
                _wait(page, f"{COUNT} >= {before + BURST}")
            shifts = page.evaluate("window.benchShifts") - shifts
            frames = scripting_by_frame(events)
            bursts.append(Burst(profile.name, place, max(frames, default=0.0), sum(frames), shifts))
    return bursts


def _come_back(browser: Browser, server: Server, tokens: Sequence[str], offline: float) -> Comeback:
    """Cut the network, let comments come, and mend it: the time and the bytes until the page has all."""
    with (
        Relay(server.port) as relay,
        open_page(browser, PROFILES[0], network=False) as (page, _),
    ):
        page.goto(f"http://127.0.0.1:{relay.port}{PATH}")
        _wait(page, IS_LIVE)
        before = page.evaluate(COUNT)
        relay.cut()
        page.context.set_offline(True)
        _post(server.port, tokens, MISSED, min(offline, 2.0))
        page.wait_for_timeout(1000 * offline)
        relay.mend()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(_named(request.url)))
        page.on("websocket", lambda _: asked.append("socket"))
        received, began = relay.received, time.monotonic()
        page.context.set_offline(False)
        _wait(page, f"{IS_LIVE} && {COUNT} >= {before + MISSED}")
        took = time.monotonic() - began
        return Comeback(1000 * took, relay.received - received, asked)


def _named(url: str) -> str:
    """The last part of an address's path: what a call of the API is called by."""
    return urlsplit(url).path.rstrip("/").rpartition("/")[2]


def _post(port: int, tokens: Sequence[str], count: int, seconds: float) -> None:
    """Post comments at a steady rate, each from the next of those who write."""
    headers = [{"Authorization": f"Token {token}"} for token in tokens]
    with Swarm(port, SOCKET, headers, greeting=b'"type":"welcome"') as swarm:
        swarm.open()
        began = time.monotonic()
        for number in range(count):
            swarm.send(number % len(headers), site_post())
            swarm.run(max(0.0, began + (number + 1) * seconds / count - time.monotonic()))
        swarm.run(PATIENCE, until=lambda: len(swarm.latencies) >= count * len(headers))


def _wait(page: Page, condition: str) -> None:
    """Wait for an expression to be true. The page cannot do so itself: its policy forbids it to read code."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(condition):
        if time.monotonic() > deadline:
            raise BenchError(f"the page did not come to `{condition}` in {PATIENCE:g} s")
        page.wait_for_timeout(LOOK)
