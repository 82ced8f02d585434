"""Telling all processes that what somebody may do has changed: they ask again for every socket of theirs.

Sockets ask by themselves now and then; this makes it at once.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from comments.publisher import PEOPLE, publisher


def announce_rights_on_commit(user_id: int) -> None:
    """Have the rights of this user looked at again, once the change is committed."""
    message = {"type": "rights", "user": user_id}
    transaction.on_commit(partial(publisher.publish, PEOPLE, message), robust=True)


def forget_after_logout(sender: Any, user: User | None, **rest: Any) -> None:
    """Receiver of Django's user_logged_out, which the site's and the admin's logout both send."""
    if user is not None:
        announce_rights_on_commit(user.pk)


class NewPassword:
    """One of AUTH_PASSWORD_VALIDATORS, which Django tells of every new password, wherever it was set."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Any password will do."""

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Whoever knows only the old one is out."""
        if user is not None:
            announce_rights_on_commit(user.pk)

    def get_help_text(self) -> str:
        return _("A new password logs you out everywhere else.")
