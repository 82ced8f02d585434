"""Announces that somebody's rights have changed.

Every process looks now and then at what its readers may do. After an announcement it looks at once.
"""

from __future__ import annotations

from functools import partial, update_wrapper
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from comments.announcements import RightsChange
from comments.publisher import PEOPLE, publisher


def announce_rights_on_commit(user_id: Any) -> None:
    """Have every process look at this user's rights again, once the change is committed."""
    announcement = RightsChange(user=str(user_id))
    announce = partial(publisher.publish, PEOPLE, announcement)
    # Django logs a failure by the name of the call, and itself fails where that has none.
    transaction.on_commit(update_wrapper(announce, publisher.publish), robust=True)


def forget_after_logout(sender: Any, user: AbstractBaseUser | None, **rest: Any) -> None:
    """Receiver of Django's user_logged_out, which the site's and the admin's logout both send."""
    if user is not None:
        announce_rights_on_commit(user.pk)


class NewPassword:
    """One of AUTH_PASSWORD_VALIDATORS, which Django tells of every new password, wherever it was set."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Any password will do."""

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Sessions that were opened with the old password lose their rights."""
        if user is not None:
            announce_rights_on_commit(user.pk)

    def get_help_text(self) -> str:
        return _("A new password logs you out everywhere else.")


class AnnouncesRights:
    """For the ModelAdmin of users: a ban, a lost permission or a deletion reaches open pages at once."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        announce_rights_on_commit(obj.pk)
        return super().log_change(request, obj, message)  # type: ignore[misc]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        announce_rights_on_commit(obj.pk)
        super().delete_model(request, obj)  # type: ignore[misc]

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for pk in queryset.values_list("pk", flat=True):
            announce_rights_on_commit(pk)
        super().delete_queryset(request, queryset)  # type: ignore[misc]
