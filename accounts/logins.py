"""Limits on passwords: after six wrong ones for a name, the address that sent them has to wait."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from accounts.hashing import LOGINS
from accounts.passwords import LONGEST_PASSWORD
from comments.addresses import address_of
from comments.errors import CommentError
from comments.rates import LOGINS_PER_ADDRESS, LOGINS_PER_NAME, check_rate, forget_rate, networks_of

MESSAGE = "Too many attempts to log in. Try again in {wait} s."
LONGEST_NAME = 150  # characters, as Django's users have it
BANNED = "This account was switched off. It can't log in any more."


@sensitive_variables("password")
def check_password(request: HttpRequest | None, username: str, password: str) -> User | None:
    """The user of this name and password, or None.

    A name is locked for the address that tried, and not for all: nobody can lock somebody else out. The
    number of names that an address may try is limited, too. A try is counted before the password is checked,
    so that many tries at once are no way around the limit. Two addresses of one IPv6 network count as one,
    and wider networks have limits of their own. Few logins are under way at once (accounts/hashing.py).
    That an account was switched off is told to whoever knows its password, and to nobody else. Nobody has a
    longer name or password than LONGEST_NAME and LONGEST_PASSWORD: those are counted, and not looked at.

    Raises CommentError: 403 banned, 429 rate_limited, 503 busy.
    """
    networks = networks_of(address_of(request))
    widest, _ = networks[-1]
    with LOGINS.place(widest):
        for network, number in networks:
            check_rate("login", network, LOGINS_PER_ADDRESS.times(number), MESSAGE)
        if len(username) > LONGEST_NAME or len(password) > LONGEST_PASSWORD:
            return None
        for network, number in networks:
            check_rate("login-as", _pair(network, username), LOGINS_PER_NAME.times(number), MESSAGE)
        user = authenticate(request, username=username, password=password)
    if user is not None:
        for network, _ in networks:
            forget_rate("login-as", _pair(network, username))
        if not user.is_active:
            raise CommentError(403, "banned", BANNED)
    return user


def _pair(address: str, username: str) -> str:
    """A key for the cache, of a name in any spelling."""
    name = unicodedata.normalize("NFKC", username).casefold()
    return hashlib.sha256(f"{address} {name}".encode(errors="replace")).hexdigest()


class LoginForm(AuthenticationForm):
    """Django's form with a limit on tries: Django's own lets anybody guess for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The name is kept when the password was wrong: whoever tries again goes on at the password.
        if self.data.get("username"):
            self.fields["username"].widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if username is not None and password:
            try:
                self.user_cache = check_password(self.request, username, password)
            except CommentError as refusal:
                raise ValidationError(refusal.message, code=refusal.reason) from refusal
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data


class AdminLoginForm(LoginForm, AdminAuthenticationForm):
    """The admin's form with the same limit."""
