"""Authentication of scripts by their tokens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from comments.authors import author_of_user
from comments.credentials import user_of_token


class CheckedTokenAuthentication(TokenAuthentication):
    """DRF's, which would ask PostgreSQL for a token with a NUL in it too, and fail."""

    def authenticate_credentials(self, key: str) -> Any:
        """The user and the token. Raises CommentError 403 banned, as sockets and streams answer it."""
        user = user_of_token(key)
        if user is None:
            raise AuthenticationFailed(_("Invalid token."))
        author_of_user(user)
        return user, key
