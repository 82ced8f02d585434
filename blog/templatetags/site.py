"""The site's name, words and addresses, for every page."""

from django import template
from django.conf import settings

from blog import site

register = template.Library()


@register.simple_tag
def site_name() -> str:
    return str(settings.SITE_NAME)


@register.simple_tag
def site_tagline() -> str:
    return str(settings.SITE_TAGLINE)


@register.simple_tag
def site_description() -> str:
    return str(settings.SITE_DESCRIPTION)


@register.filter
def isolated(text: str) -> str:
    """A name or a title in a sentence without elements, such as <title>.

    One that is written from right to left must not turn the words around it.
    """
    return text if text.isascii() else f"\u2068{text}\u2069"


@register.simple_tag
def absolute(path: str) -> str:
    """The public address of a path of this site."""
    return site.absolute(path)
