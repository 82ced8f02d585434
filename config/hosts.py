"""The site's names: its address, the hosts it answers to and the origins of its pages."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from config.errors import BadEnvironment

HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]", re.IGNORECASE)
# Names that lead to this machine whoever asks (RFC 6761, section 6.3).
LOCAL = ("localhost", ".localhost", "127.0.0.1", "[::1]")


def site_url(value: str) -> str:
    """The site's address as browsers write an origin. Raises BadEnvironment for what is no such address."""
    try:
        parts = urlsplit(value.strip())
        port = parts.port
    except ValueError as error:
        raise BadEnvironment(f"SITE_URL is {value!r}, which is no address: {error}.") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_host(parts.hostname):
        raise BadEnvironment(f"SITE_URL is {value!r}; it must look like https://blog.example.org.")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise BadEnvironment(
            f"SITE_URL is {value!r}; it must be a scheme, a host and perhaps a port, no more."
        )
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{_host_of(value.strip())}" + (f":{port}" if port and port != default else "")


def is_host(name: str) -> bool:
    """Whether it is one host: an address, or a name of DNS, international names in their xn-- form."""
    return ":" in name or (HOST.fullmatch(name) is not None and name[0] != ".")


def feed_host(variables: Mapping[str, str]) -> str:
    """The host in the names of the feed and its entries, where that is another one than the site's by now."""
    host = variables.get("FEED_HOST", "").strip().lower()
    if host and not is_host(host):
        raise BadEnvironment(f"FEED_HOST is {host!r}; it must be the name of one host.")
    return host


def further_hosts(words: list[str]) -> list[str]:
    """The hosts that ALLOWED_HOSTS names. Raises BadEnvironment for what is no host."""
    hosts = [host.lower() for host in words]
    for host in hosts:
        if not HOST.fullmatch(host):
            raise BadEnvironment(
                f"ALLOWED_HOSTS names {host!r}; it takes host names only, without * or port."
            )
    return hosts


def allowed_hosts(url: str, further: list[str], debug: bool) -> tuple[str, ...]:
    """The hosts that the site answers to; under DEBUG they must be names of this machine.

    Raises BadEnvironment for another one: pages that are made for debugging show what the site knows.
    """
    for name, host in [("SITE_URL", _host_of(url)), *(("ALLOWED_HOSTS", host) for host in further)]:
        if debug and not _is_local(host):
            raise BadEnvironment(
                f"{name} names {host!r} while DEBUG is on; debugging answers to names of this machine only, "
                "such as localhost."
            )
    return tuple(dict.fromkeys([_host_of(url), *further, *(LOCAL if debug else ())]))


def origins(url: str, further: list[str], debug: bool) -> tuple[str, ...]:
    """The origins of this site's pages: SITE_URL, and its scheme and port on each further host."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    hosts = [host for host in [*further, *(LOCAL if debug else ())] if not host.startswith(".")]
    return tuple(dict.fromkeys([url, *(f"{parts.scheme}://{host}{port}" for host in hosts)]))


def _host_of(url: str) -> str:
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
