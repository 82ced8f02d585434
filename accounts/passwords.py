"""How long a password may be. Whatever is hashed is bounded first."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

LONGEST_PASSWORD = 1024  # characters


class NotTooLong:
    """One of AUTH_PASSWORD_VALIDATORS: with a longer password nobody could log in (accounts.logins)."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises ValidationError."""
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return f"A password has at most {LONGEST_PASSWORD:,} characters."
