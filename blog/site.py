"""The site's name and its public address, for feeds, sitemaps and others that are read away from the site."""

from datetime import date
from urllib.parse import urlsplit

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


def tag_uri(day: date, name: str) -> str:
    """Return a name for a thing of this site that outlives its address: a tag URI (RFC 4151).

    day: one on which the thing was there already, always the same for one thing. name: in the letters of a
    path. The host of SITE_URL is part of it, so a site that moves to another host names everything anew.
    """
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{day.isoformat()}:{name}"
