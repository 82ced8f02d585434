"""People and their tokens in the admin: a right that is taken away here ends on open pages at once.

Django lets staff who may change users make themselves superusers. Here only superusers give rights.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from rest_framework.authtoken.admin import TokenAdmin
from rest_framework.authtoken.models import TokenProxy

from comments.rights import AnnouncesRights, announce_rights_on_commit

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")

admin.site.unregister([Group, User, TokenProxy])


@admin.register(User)
class PeopleAdmin(AnnouncesRights, UserAdmin):  # type: ignore[type-arg] # it has a parameter in the stubs only
    """Django's admin of users; a ban, lost permissions or a deletion reach open pages at once.

    Staff who may change users change those who have no rights, and give none. Their own account is among
    those that they leave alone; they have a page for their own password.
    """

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        rights = () if _is_superuser(request) else RIGHTS
        return (*super().get_readonly_fields(request, obj), *rights)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)


@admin.register(Group)
class GroupsAdmin(GroupAdmin):
    """Django's admin of groups, changed by superusers only: a change gives the members any right."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return _is_superuser(request)


@admin.register(TokenProxy)
class TokensAdmin(TokenAdmin):
    """DRF's admin of tokens; the deletion of one reaches open sockets at once. It has no bulk actions."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        announce_rights_on_commit(obj.user_id)
        super().delete_model(request, obj)


def _is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Whether the request may change this account, or delete it, as far as the account's rights go.

    A new password would give all of them to whoever set it.
    """
    return user is None or _is_superuser(request) or not _has_rights(user)


def _has_rights(user: User) -> bool:
    if user.is_staff or user.is_superuser:
        return True
    return user.groups.exists() or user.user_permissions.exists()
