"""The site's name, words and addresses, for every page."""

from django import template

from blog import site

register = template.Library()


@register.simple_tag
def site_name() -> str:
    return site.NAME


@register.simple_tag
def site_tagline() -> str:
    return site.TAGLINE


@register.simple_tag
def site_description() -> str:
    return site.DESCRIPTION


@register.simple_tag
def absolute(path: str) -> str:
    """The public address of a path of this site."""
    return site.absolute(path)
