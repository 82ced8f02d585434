"""Telling all processes that what somebody may do has changed: they ask again for every socket of theirs.

Sockets ask by themselves now and then; this makes it at once.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from comments.events import PEOPLE, publisher


def announce_rights_on_commit(user_id: int) -> None:
    """Have the rights of this user looked at again, once the change is committed."""
    message = {"type": "rights", "user": user_id}
    transaction.on_commit(partial(publisher.publish, PEOPLE, message), robust=True)


def forget_after_logout(sender: Any, user: User | None, **rest: Any) -> None:
    """Receiver of Django's user_logged_out, which the site's and the admin's logout both send."""
    if user is not None:
        announce_rights_on_commit(user.pk)
