"""Any tree, any cut of pages, any arrival: what is drawn step by step is what is drawn from scratch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import TestCase

from tests.comments.cast import make_alice, make_article

if TYPE_CHECKING:
    from tests.services.javascript import JavaScript

DRAWING = Path(__file__).parent / "js" / "drawing.mjs"


class Drawing(TestCase):
    @pytest.fixture(autouse=True)
    def _take_javascript(self, javascript: JavaScript) -> None:
        self.javascript = javascript

    def test_a_list_that_grew_equals_one_drawn_from_scratch(self) -> None:
        article = make_article(make_alice())
        html = self.client.get(article.get_absolute_url()).content.decode()
        failures = self.javascript.call(DRAWING, "play", {"html": html, "from": 1, "to": 100})
        self.assertEqual(failures, [])
