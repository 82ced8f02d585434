"""The tests of the page's modules that need no server, run where they will be used: in a browser."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.services.process import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

SITE = "http://modules.test"  # reached by nothing but `serve`
MODULES = sorted(Path(__file__).parent.glob("js/*.test.mjs"))


def serve(route: Route) -> None:
    """Answer from the project's own files."""
    path = urlsplit(route.request.url).path
    if path == "/":
        route.fulfill(content_type="text/html", body="<!doctype html><title>Tests</title>")
        return
    file = ROOT / path.lstrip("/")
    kind = "text/javascript" if file.suffix in (".js", ".mjs") else mimetypes.guess_type(file)[0]
    route.fulfill(content_type=kind, body=file.read_text())


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_module(browser: Browser, module: Path) -> None:
    context = browser.new_context()
    context.route(f"{SITE}/**", serve)
    page = context.new_page()
    page.goto(f"{SITE}/")
    results = page.evaluate(
        """async ([module, harness]) => {
            await import(module);
            const { run } = await import(harness);
            return run();
        }""",
        [f"/{module.relative_to(ROOT)}", f"/{(module.parent / 'harness.mjs').relative_to(ROOT)}"],
    )
    context.close()
    assert results, "the module has tests"
    failed = [f"{result['name']}\n{result['error']}" for result in results if result["error"]]
    assert not failed, "\n\n".join(failed)
