"""People and their tokens in the admin: a right that is taken away here ends on open pages at once."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest
from rest_framework.authtoken.admin import TokenAdmin
from rest_framework.authtoken.models import TokenProxy

from comments.rights import AnnouncesRights, announce_rights_on_commit

admin.site.unregister([User, TokenProxy])


@admin.register(User)
class PeopleAdmin(AnnouncesRights, UserAdmin):  # type: ignore[type-arg] # it has a parameter in the stubs only
    """Django's admin of users; a ban, lost permissions or a deletion reach open pages at once."""


@admin.register(TokenProxy)
class TokensAdmin(TokenAdmin):
    """DRF's admin of tokens; the deletion of one reaches open sockets at once. It has no bulk actions."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        announce_rights_on_commit(obj.user_id)
        super().delete_model(request, obj)
