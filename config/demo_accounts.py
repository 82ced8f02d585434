"""The demo's accounts, whose passwords everybody knows, and how a database is found to have one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.models import User
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError
from django.utils.crypto import get_random_string

READERS = 50
ADMIN_PASSWORD, PASSWORD = "admin", "demo-password"
KNOWN = {
    "admin": ADMIN_PASSWORD,
    "moderator": PASSWORD,
    **{f"reader{number}": PASSWORD for number in range(1, READERS + 1)},
}
SHORTEST = 12  # characters of a password that the operator chose for all of them
CHOSEN = "chosen"  # how the salt of such a password begins
SALT = 22  # characters, as many as Django's salts have
NAMED = 3  # accounts that a sentence names before it counts the rest


def hash_chosen(password: str) -> str:
    """A hash that says of itself that its password is none of the known ones, so that no start has to try."""
    return make_password(password, salt=CHOSEN + get_random_string(SALT))


def accounts_with_known_passwords() -> list[str]:
    """The demo's accounts that anybody could log in to. Raises DatabaseError where there is no telling.

    A hash costs 0.2 s, and the demo's readers share one: each hash is tried once.
    """
    names_of: dict[tuple[str, str], list[str]] = defaultdict(list)
    accounts = User.objects.filter(is_active=True, username__in=KNOWN)
    for name, encoded in accounts.values_list("username", "password"):
        names_of[KNOWN[name], encoded].append(name)
    found = {name for known, names in names_of.items() if _is_hash_of(*known) for name in names}
    return [name for name in KNOWN if name in found]


def refusal(names: list[str]) -> str:
    """The sentences that say why the site does not start."""
    first, rest = ", ".join(names[:NAMED]), len(names) - NAMED
    who = f"{first} and {rest} more" if rest > 0 else first
    return (
        f"Everybody knows the passwords of these accounts, which are the demo's: {who}. Give them others "
        "(manage.py changepassword), switch them off or delete them, or use another database."
    )


def check_accounts(
    app_configs: Any = None, databases: Iterable[str] | None = None, **rest: Any
) -> list[CheckMessage]:
    """Django's check of the database, which `migrate` and `check --database default` make."""
    if settings.DEBUG or "default" not in (databases or ()):
        return []
    try:
        names = accounts_with_known_passwords()
    except DatabaseError:
        return []  # it has no tables yet, or is out of reach
    return [Error(refusal(names), id="config.E001")] if names else []


def _is_hash_of(password: str, encoded: str) -> bool:
    try:
        hasher = identify_hasher(encoded)
    except ValueError:
        return False  # nobody can log in with it
    if str(hasher.decode(encoded).get("salt", "")).startswith(CHOSEN):
        return False
    return hasher.verify(password, encoded)
