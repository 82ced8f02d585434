"""The page about an error, in development and in mails to administrators: without anything secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

STARS = "********************"  # what Django itself writes in the place of a secret
SHORTEST = 4  # characters; what is shorter is in every other word of the page


class DiscreetReporter(ExceptionReporter):
    """Django's, which hides settings by their names and shows the variables of each function as they are.

    A driver's function that connects has the password among its variables. So the finished page is searched
    for each secret that the site has, in every form that it may have there.
    """

    def get_traceback_html(self) -> SafeString:
        return _without_secrets(super().get_traceback_html())

    def get_traceback_text(self) -> SafeString:
        return _without_secrets(super().get_traceback_text())


def secrets_of_site() -> Iterator[str]:
    """Every secret in the settings."""
    yield from map(str, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    for place in (*settings.DATABASES.values(), settings.REDIS_LOGIN):
        yield from _secrets_in(place)


def _secrets_in(values: dict[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _secrets_in(value)
        elif isinstance(value, str) and "password" in name.lower():
            yield value


def _without_secrets(page: str) -> SafeString:
    for secret in sorted(secrets_of_site(), key=len, reverse=True):
        if len(secret) >= SHORTEST:
            for form in {secret, repr(secret)[1:-1], quote(secret, safe="")}:
                page = page.replace(escape(form), STARS).replace(form, STARS)
    return SafeString(page)  # what Django returns, and what it was before
