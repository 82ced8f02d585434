"""The tests of the page's modules that need the section as the server renders it, and no server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from comments.reactions import react
from tests.comments.cast import GWEN, author, make_alice, make_article, post, thread_of
from tests.services.javascript import address_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.services.javascript import JavaScript

JS = Path(__file__).parent / "js"
MODULES = sorted(JS.glob("*.drawn.mjs"))


@pytest.mark.django_db
def test_one_region_speaks(client: Client) -> None:
    article = make_article(make_alice())
    html = client.get(article.get_absolute_url()).content.decode()
    section = html[html.index("<section") : html.index("</section>")]
    regions = re.findall(r"<[^>]+(?:aria-live|role=\"(?:alert|status|log)\")[^>]*>", section)
    assert [re.findall(r'class="(\S+)', region) for region in regions] == [["comments-announcer"]]


@pytest.mark.django_db
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_module(client: Client, javascript: JavaScript, module: Path) -> None:
    alice = make_alice()
    article = make_article(alice)
    for number in range(3):
        asked = post(alice, article, f"Alice's {number}.")
        post(GWEN, article, "An answer.", parent=asked.pk)
        hers = post(GWEN, article, f"Gwen's {number}.")
    react(author=author(alice), thread=thread_of(article), comment_id=str(hers.pk), emoji="👍", on=True)
    post(alice, article, "Alice's alone.")
    client.force_login(alice)
    html = client.get(article.get_absolute_url()).content.decode()
    results = javascript.call(JS / "harness.mjs", "runOn", {"module": address_of(module), "html": html})
    assert results, "the module has tests"
    failed = [f"{result['name']}\n{result['error']}" for result in results if result["error"]]
    assert not failed, "\n\n".join(failed)
