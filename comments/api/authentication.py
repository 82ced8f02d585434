"""Authentication of scripts by their tokens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from comments.authors import TOKEN


class CheckedTokenAuthentication(TokenAuthentication):
    """DRF's, which would ask PostgreSQL for a token with a NUL in it too, and fail."""

    def authenticate_credentials(self, key: str) -> Any:
        if not TOKEN.fullmatch(key):
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(key)
