"""The site's name and its public address, for feeds, sitemaps and others that are read away from the site."""

from django.conf import settings

NAME = "Marginalia"
TAGLINE = "A small magazine, and the notes in its margins"
DESCRIPTION = "Essays on making, mending, growing and walking, with readers writing in the margins."


def absolute(path: str) -> str:
    """Return `path` under SITE_URL.

    The host of the request is not used: canonical links, feeds and sitemaps must say the same whichever of
    the site's names a reader came by.
    """
    return settings.SITE_URL.rstrip("/") + path
