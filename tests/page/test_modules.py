"""The tests of the page's modules that need no server; they run in a browser, as the modules do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.services.javascript import address_of, empty_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MODULES = sorted(Path(__file__).parent.glob("js/*.test.mjs"))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_module(browser: Browser, module: Path) -> None:
    page = empty_page(browser)
    results = page.evaluate(
        """async ([module, harness]) => {
            await import(module);
            const { run } = await import(harness);
            return run();
        }""",
        [address_of(module), address_of(module.parent / "harness.mjs")],
    )
    page.context.close()
    assert results, "the module has tests"
    failed = [f"{result['name']}\n{result['error']}" for result in results if result["error"]]
    assert not failed, "\n\n".join(failed)
