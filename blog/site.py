"""The site's public address, for feeds, sitemaps and others that are read away from the site."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings


def absolute(path: str) -> str:
    """Return `path` under SITE_URL.

    The host of the request is not used: canonical links, feeds and sitemaps must say the same whichever of
    the site's names a reader came by.
    """
    return settings.SITE_URL.rstrip("/") + path


def tag_uri(day: date, name: str) -> str:
    """Return a name for a thing of this site that outlives its address: a tag URI (RFC 4151).

    day: one on which the thing was there already, always the same for one thing. name: in the letters of a
    path. The site's host is part of it; one that moves to another host keeps the former one as FEED_HOST.
    """
    host = settings.FEED_HOST or urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{day.isoformat()}:{name}"
